/**
 * The description of a network, layer by layer: shapes, learned weights and costs. Supernets, costs and the final model
 * are all built from it. What has to be done for each kind of layer is a {@link io.efsnas.network.Layer.Visitor}, so that
 * the compiler names every place that a further layer concerns.
 *
 * <p>Knows nothing of architectures, of tensors or of how a layer is computed.
 */
package io.efsnas.network;
