/**
 * Supernets on ND4J, on the CPU or a CUDA device, whichever backend is on the class path. Only ND4J's own operations
 * compute, so that both backends run the same code.
 *
 * <p>Must not know networks, subnets or how training is scheduled: it fills in the kernels of {@link
 * io.efsnas.supernet.graph}.
 */
package io.efsnas.supernet.nd4j;
