/**
 * Supernets of NAS-Bench-201 on NVIDIA GPUs, in kernels of our own: which operation an edge has is data that the kernels
 * read, so that one recorded graph of launches takes every step of every architecture, and a step costs the host one
 * call. The kernels are built for the GPU at hand by NVRTC, from the sources in this package's resources.
 *
 * <p>{@link io.efsnas.supernet.cuda.Cuda} alone calls CUDA; {@link io.efsnas.supernet.cuda.Program} alone knows in which
 * order kernels run and where their memory is. Must not know Spark, nor another engine.
 */
package io.efsnas.supernet.cuda;
