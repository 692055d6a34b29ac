package io.efsnas.supernet.cuda;

/** A call of CUDA's that failed. */
final class CudaException extends IllegalStateException {

    private static final long serialVersionUID = 1;

    private final boolean outOfMemory;

    CudaException(String message) {
        this(message, false);
    }

    CudaException(String message, boolean outOfMemory) {
        super(message);
        this.outOfMemory = outOfMemory;
    }

    boolean isOutOfMemory() {
        return outOfMemory;
    }
}
