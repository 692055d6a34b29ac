package io.efsnas.supernet.torch;

import io.efsnas.supernet.MemoryShare;
import org.bytedeco.pytorch.Tensor;

/**
 * A place for a tensor. Operations of libtorch make their results rather than fill given memory; a buffer keeps the
 * newest one and lets go of the one before, whose memory libtorch uses again. Feature maps are {@code [image, channel,
 * row, column]}, with the channel innermost in memory. Weights are one row, in the order {@code [output, row, column,
 * input]}: so the optimizer sees plain rows, and convolutions weights with the channel innermost.
 */
final class TorchBuffer implements AutoCloseable {

    private final MemoryShare memory;
    private Tensor tensor;

    /** An empty buffer. */
    TorchBuffer(MemoryShare memory) {
        this.memory = memory;
    }

    boolean isEmpty() {
        return tensor == null;
    }

    /** The newest tensor, which stays the buffer's. */
    Tensor get() {
        return tensor;
    }

    /** Keeps a tensor beyond the scope of JavaCPP's that it was made in. */
    void set(Tensor newest) {
        memory.take(newest.nbytes());
        newest.retainReference();
        close();
        tensor = newest;
    }

    /** Adds to the tensor that is there, or sets it. */
    void put(Tensor newest, boolean add) {
        if (add) {
            tensor.add_(newest);
        } else {
            set(newest);
        }
    }

    /** Lets go of the tensor. */
    @Override
    public void close() {
        if (tensor != null) {
            memory.giveBack(tensor.nbytes());
            tensor.releaseReference();
            tensor = null;
        }
    }
}
