package io.efsnas.supernet.machine;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Where the time of a supernet's steps goes, kernel by kernel. Used by one thread at a time. */
public final class KernelProfile {

    /**
     * All calls of one kernel on feature maps of one shape.
     *
     * @param kernel the kernel with the shape that it works on, such as {@code "convolution 3x3, 16x32x32"}
     * @param bytes what the calls must at least move to and from memory: each operand once
     * @param operations floating-point multiplications and additions
     */
    public record Entry(String kernel, long calls, double seconds, long bytes, long operations) {

        public double gigabytesPerSecond() {
            return bytes / seconds / 1e9;
        }

        public double gigaflops() {
            return operations / seconds / 1e9;
        }

        private Entry plus(Entry other) {
            return new Entry(
                    kernel,
                    calls + other.calls,
                    seconds + other.seconds,
                    bytes + other.bytes,
                    operations + other.operations);
        }
    }

    private final Map<String, Entry> entries = new HashMap<>();

    /** Adds one call. */
    public void add(String kernel, long nanoseconds, long bytes, long operations) {
        entries.merge(kernel, new Entry(kernel, 1, nanoseconds / 1e9, bytes, operations), Entry::plus);
    }

    /** Forgets all calls. */
    public void clear() {
        entries.clear();
    }

    /** What has been added, the longest first. */
    public List<Entry> entries() {
        return entries.values().stream()
                .sorted(Comparator.comparingDouble(Entry::seconds).reversed().thenComparing(Entry::kernel))
                .toList();
    }
}
