/**
 * A supernet, and a final network, that runs the layers of {@link io.efsnas.network.Network} one after the other, forward
 * and backward, on the {@link io.efsnas.supernet.graph.Kernels} of a tensor library: which buffer is used when, how
 * gradients flow, what the optimizer touches.
 *
 * <p>Must not know how a buffer is laid out, nor which library fills it.
 */
package io.efsnas.supernet.graph;
