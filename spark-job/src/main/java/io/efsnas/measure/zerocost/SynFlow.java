package io.efsnas.measure.zerocost;

import io.efsnas.measure.Measure;
import io.efsnas.measure.MeasureContext;
import io.efsnas.measure.Needs;
import io.efsnas.network.Network;
import io.efsnas.space.Architecture;
import java.util.List;

/**
 * How much of what flows through a network passes its weights (Tanaka, Kunin, Yamins, Ganguli, <i>Pruning Neural Networks
 * without Any Data by Iteratively Conserving Synaptic Flow</i>, NeurIPS 2020; to rank architectures by Abdelfattah, Mehrotra,
 * Dudziak, Lane, ICLR 2021): ln Σ |θ ∂R/∂θ|, with R the sum of the logits of an image of ones in a network of the weights'
 * absolute values, without batch norms.
 *
 * <p>The sum is over all weights but biases, in double precision and in Java: the numbers are too large for what engines
 * compute in. The logarithm ranks as the sum does.
 */
public final class SynFlow implements Measure {

    private static final long serialVersionUID = 1;

    @Override
    public String name() {
        return "synflow";
    }

    @Override
    public List<String> columns() {
        return List.of("synflow");
    }

    @Override
    public Needs needs() {
        return Needs.FRESH;
    }

    @Override
    public double[] of(Architecture architecture, MeasureContext context) {
        Network network = context.space().network(architecture, context.size());
        return new double[] {Math.log(SynapticFlow.of(network, context.fresh().weights()))};
    }
}
