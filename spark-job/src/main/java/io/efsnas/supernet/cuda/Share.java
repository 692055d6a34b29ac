package io.efsnas.supernet.cuda;

import java.util.Locale;
import java.util.function.Supplier;

/** The part of a GPU's memory that one supernet may take. */
final class Share {

    private static final double MEBIBYTE = 1 << 20;
    private static final String LOWER =
            "; lower training.batch, scoring.batch or supernet.channels, or let fewer supernets"
                    + " share the device by cluster.gpus-per-supernet";

    private final long ceiling;
    private long taken;

    /**
     * @param ceiling in bytes
     */
    Share(long ceiling) {
        this.ceiling = ceiling;
    }

    /** How much may still be taken, in bytes. */
    long left() {
        return ceiling - taken;
    }

    /**
     * Counts memory.
     *
     * @throws IllegalStateException if that is more than the share
     */
    void take(long bytes) {
        if (bytes > left()) {
            throw new IllegalStateException(String.format(
                    Locale.ROOT,
                    "the supernet needs more than its share of the GPU's memory, %.0f MiB" + LOWER,
                    ceiling / MEBIBYTE));
        }
        taken += bytes;
    }

    void giveBack(long bytes) {
        taken -= bytes;
    }

    /** Memory that has been counted and is now allocated. */
    <T> T allocated(Supplier<T> allocation) {
        try {
            return allocation.get();
        } catch (CudaException e) {
            if (!e.isOutOfMemory()) {
                throw e;
            }
            throw new IllegalStateException(
                    String.format(
                            Locale.ROOT,
                            "the GPU's memory is full, of which the supernet has %.0f of its share of %.0f MiB" + LOWER,
                            taken / MEBIBYTE,
                            ceiling / MEBIBYTE),
                    e);
        }
    }
}
