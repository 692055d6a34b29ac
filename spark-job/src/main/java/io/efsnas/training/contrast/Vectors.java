package io.efsnas.training.contrast;

/** Sums over vectors that are parts of arrays, always added in the same order. */
final class Vectors {

    /** As many sums are added to at the same time, for a processor to do several of them at once. */
    private static final int SUMS = 8;

    private Vectors() {}

    /** The inner product of two vectors. */
    static float product(float[] a, int fromA, float[] b, int fromB, int length) {
        float s0 = 0;
        float s1 = 0;
        float s2 = 0;
        float s3 = 0;
        float s4 = 0;
        float s5 = 0;
        float s6 = 0;
        float s7 = 0;
        int i = 0;
        for (; i <= length - SUMS; i += SUMS) {
            s0 += a[fromA + i] * b[fromB + i];
            s1 += a[fromA + i + 1] * b[fromB + i + 1];
            s2 += a[fromA + i + 2] * b[fromB + i + 2];
            s3 += a[fromA + i + 3] * b[fromB + i + 3];
            s4 += a[fromA + i + 4] * b[fromB + i + 4];
            s5 += a[fromA + i + 5] * b[fromB + i + 5];
            s6 += a[fromA + i + 6] * b[fromB + i + 6];
            s7 += a[fromA + i + 7] * b[fromB + i + 7];
        }
        for (; i < length; i++) {
            s0 += a[fromA + i] * b[fromB + i];
        }
        return ((s0 + s1) + (s2 + s3)) + ((s4 + s5) + (s6 + s7));
    }

    /** Adds a vector times a factor to another one of the same length. */
    static void add(float factor, float[] a, float[] to) {
        add(factor, a, 0, to, 0, to.length);
    }

    /** The same of parts of arrays. */
    static void add(float factor, float[] a, int fromA, float[] to, int fromTo, int length) {
        for (int i = 0; i < length; i++) {
            to[fromTo + i] += factor * a[fromA + i];
        }
    }
}
