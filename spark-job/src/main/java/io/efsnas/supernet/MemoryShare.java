package io.efsnas.supernet;

import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;

/** The part of a device's memory that one supernet may fill with tensors. */
public final class MemoryShare {

    private static final double MEBIBYTE = 1 << 20;
    private static final String LOWER =
            "; lower training.batch, scoring.batch or supernet.channels, or let fewer supernets"
                    + " share the device by cluster.gpus-per-supernet";

    private final long ceiling;
    private final String device;
    private long taken;

    /**
     * @param ceiling the ceiling in bytes
     * @param device the device as messages call it
     */
    public MemoryShare(long ceiling, String device) {
        this.ceiling = ceiling;
        this.device = device;
    }

    /**
     * Counts a tensor.
     *
     * @throws IllegalStateException if that is more than the share
     */
    public void take(long bytes) {
        taken += bytes;
        if (taken > ceiling) {
            throw new IllegalStateException(String.format(
                    Locale.ROOT,
                    "the supernet needs more than its share of %s, %.0f MiB" + LOWER,
                    device,
                    ceiling / MEBIBYTE));
        }
    }

    /** Whether an operation failed because no memory was left, in the words of libtorch and of CUDA's libraries. */
    public static boolean isExhaustion(RuntimeException failure) {
        String message = Objects.requireNonNullElse(failure.getMessage(), "");
        return Stream.of("out of memory", "can't allocate memory", "STATUS_ALLOC_FAILED")
                .anyMatch(message::contains);
    }

    /**
     * The failure to begin on a device whose memory others have filled.
     *
     * @param device the device as messages call it
     */
    public static IllegalStateException noneLeft(String device, double share, RuntimeException failure) {
        return new IllegalStateException(
                String.format(
                        Locale.ROOT,
                        "%s is full before the supernet has any of its share of %.0f %%" + LOWER,
                        device,
                        100 * share),
                failure);
    }

    /** How much may still be taken, in bytes. */
    public long left() {
        return ceiling - taken;
    }

    /** The failure of an operation that found no memory left on the device. */
    public IllegalStateException exhausted(RuntimeException failure) {
        return new IllegalStateException(
                String.format(
                        Locale.ROOT,
                        "%s is full, of which the supernet has %.0f of its share of %.0f MiB" + LOWER,
                        device,
                        taken / MEBIBYTE,
                        ceiling / MEBIBYTE),
                failure);
    }

    public void giveBack(long bytes) {
        taken -= bytes;
    }
}
