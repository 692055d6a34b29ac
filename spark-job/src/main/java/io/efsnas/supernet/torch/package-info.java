/**
 * Supernets and final networks on libtorch, PyTorch's C++ library, on the CPU or on any GPU that it serves. For supernets
 * it fills in the kernels of {@link io.efsnas.supernet.graph}; their gradients come from those. A final network is one
 * graph that does not change, so its gradients come from libtorch's own record of operations.
 *
 * <p>libtorch is an artifact of its own, which a user adds to the class path: only {@link
 * io.efsnas.supernet.torch.TorchEngine} and {@link io.efsnas.supernet.torch.TorchRetraining} may be loaded without it.
 * What needs CUDA's part of it is in {@code CudaDevice} alone.
 *
 * <p>Must not know subnets or how training is scheduled.
 */
package io.efsnas.supernet.torch;
