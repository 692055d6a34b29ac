package io.efsnas.supernet.machine;

import java.util.stream.IntStream;

/**
 * What a machine can do at the most, measured with an engine's own means: its kernels are judged against it.
 *
 * @param gigaflops thousand millions of float32 multiplications and additions per second
 * @param gigabytesPerSecond read and written when one array that no cache holds is added to another
 */
public record MachineCeilings(double gigaflops, double gigabytesPerSecond) {

    private static final int ROUNDS = 12;

    /**
     * Of an engine that multiplies square matrices and adds long arrays.
     *
     * @param side the side of the matrices
     * @param product seconds for a product of two
     * @param length the length of the arrays
     * @param sum seconds to add one to another
     */
    public static MachineCeilings of(long side, double product, long length, double sum) {
        return new MachineCeilings(2.0 * side * side * side / product / 1e9, 3.0 * Float.BYTES * length / sum / 1e9);
    }

    /** The shortest of several times that a piece of work takes, in seconds. */
    public static double bestSeconds(Runnable work) {
        return IntStream.range(0, ROUNDS)
                .mapToDouble(round -> {
                    long start = System.nanoTime();
                    work.run();
                    return (System.nanoTime() - start) / 1e9;
                })
                .min()
                .orElseThrow();
    }
}
