/**
 * The seam between the method and the tensor library: what a weight-sharing supernet can do ({@link
 * io.efsnas.supernet.Supernet}), and how an implementation of it is found ({@link io.efsnas.supernet.Engine}). Weights
 * cross it as named float arrays.
 *
 * <p>Must not know which tensor library computes; each implementation is a package of its own below this one.
 */
package io.efsnas.supernet;
