package io.efsnas.supernet;

/**
 * What a supernet computes with.
 *
 * @param threads the number of CPU threads; it may decide the bits of the results, see {@link Engine#repeats}
 * @param device where it computes
 * @param deviceShare the part of a GPU's memory that it may take, above 0 to 1
 * @param precision the precision in which it computes
 */
public record Resources(int threads, Device device, double deviceShare, Precision precision) {

    public Resources {
        if (threads < 1 || !(deviceShare > 0 && deviceShare <= 1)) {
            throw new IllegalArgumentException(
                    "a supernet needs a thread and a share of its device, not " + threads + " and " + deviceShare);
        }
    }

    /** So many threads of the CPU, in float32. */
    public static Resources cpu(int threads) {
        return new Resources(threads, Device.CPU, 1, Precision.FLOAT32);
    }
}
