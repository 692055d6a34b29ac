/**
 * What is searched: architectures, and the spaces that hold them ({@link io.efsnas.space.SearchSpace}, one package below
 * this one for each). A space describes the network of an architecture layer by layer. Spaces are found by {@link
 * java.util.ServiceLoader}; what can be asked of any of them is in helpers beside the interface.
 *
 * <p>Knows nothing of supernets, of how a space is split, of tensors, Spark or files, and no space by its name.
 */
package io.efsnas.space;
