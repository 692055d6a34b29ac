package io.efsnas.supernet;

import io.efsnas.network.Weight;
import java.util.Map;

/**
 * The loss of a subnet on a batch, and how it changes with the subnet's weights.
 *
 * @param loss the mean cross entropy in nats
 * @param ofWeights the gradient of each weight, in row-major order of its shape; weights have the order of the network's
 *     layers
 */
public record LossGradients(double loss, Map<Weight, float[]> ofWeights) {}
