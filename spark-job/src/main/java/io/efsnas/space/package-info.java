/**
 * What is searched: architectures, the spaces that hold them, how many nonlinear functions each has, and the
 * subspaces that this count splits a space into. A space also describes the network of an architecture layer by layer
 * ({@link io.efsnas.space.Network}); supernets, costs and the final model are all built from that one description.
 *
 * <p>Knows nothing of tensors, Spark or files.
 */
package io.efsnas.space;
