/**
 * Supernets on libtorch, PyTorch's C++ library, on the CPU or on any GPU that it serves. It fills in the kernels of {@link
 * io.efsnas.supernet.graph}; gradients come from those, not from libtorch's own record of operations.
 *
 * <p>libtorch is an artifact of its own, which a user adds to the class path: only {@link
 * io.efsnas.supernet.torch.TorchEngine} may be loaded without it. What needs CUDA's part of it is in {@code CudaDevice}
 * alone.
 *
 * <p>Must not know networks, subnets or how training is scheduled.
 */
package io.efsnas.supernet.torch;
