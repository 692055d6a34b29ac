package io.efsnas.supernet.torch;

import org.bytedeco.pytorch.Device;

/** Where one supernet's tensors are and what computes on them. */
interface TorchDevice extends AutoCloseable {

    Device device();

    /** Makes the calling thread compute here, from now on. */
    void bind();

    /** Whether all that it was given to compute is done. */
    boolean isIdle();

    /** Waits until all that it was given to compute is done. */
    void await();

    /** How much memory there is in all, in bytes. */
    long memory();

    /** A failure in which the process may have lost the device, as that loss if so. */
    RuntimeException explained(RuntimeException failure);

    /** Gives memory that no tensor is in back to others. */
    void giveBackMemory();

    @Override
    void close();
}
