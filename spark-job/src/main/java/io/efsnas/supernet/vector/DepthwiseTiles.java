package io.efsnas.supernet.vector;

import static io.efsnas.supernet.vector.Groups.LANES;
import static io.efsnas.supernet.vector.Groups.SPECIES;
import static io.efsnas.supernet.vector.Groups.VECTOR;

import jdk.incubator.vector.FloatVector;

/**
 * The innermost loops of depthwise convolutions: for a run of channels, one output pixel or two neighbouring ones gather
 * input pixels that lie side by side. As in {@link ConvolutionTiles} each method is one loop, whose vectors stay in
 * registers.
 *
 * <p>{@code xStep} is from one pixel of x to the next, {@code wStep} from one tap of a kernel to the next, {@code taps}
 * from the kernel of one channel to the next.
 */
final class DepthwiseTiles {

    private DepthwiseTiles() {}

    /** y[c] += sum over i below count of x[i][c] * w[c][i]. */
    static void add(
            int count,
            float[] x,
            int xAt,
            int xStep,
            float[] w,
            int wAt,
            int wStep,
            int taps,
            float[] y,
            int yAt,
            int channels) {
        int done = 0;
        for (; count - done >= 3; done += 3) {
            add3(x, xAt + done * xStep, xStep, w, wAt + done * wStep, wStep, taps, y, yAt, channels);
        }
        if (count - done == 2) {
            add2(x, xAt + done * xStep, xStep, w, wAt + done * wStep, wStep, taps, y, yAt, channels);
        } else if (count - done == 1) {
            add1(x, xAt + done * xStep, w, wAt + done * wStep, taps, y, yAt, channels);
        }
    }

    /** The same for two neighbouring y, of which the second one begins at the second x. */
    static void addPair(
            int count,
            float[] x,
            int xAt,
            int xStep,
            float[] w,
            int wAt,
            int wStep,
            int taps,
            float[] y,
            int yAt,
            int yStep,
            int channels) {
        switch (count) {
            case 3 -> addPair3(x, xAt, xStep, w, wAt, wStep, taps, y, yAt, yStep, channels);
            case 5 -> addPair5(x, xAt, xStep, w, wAt, wStep, taps, y, yAt, yStep, channels);
            case 7 -> addPair7(x, xAt, xStep, w, wAt, wStep, taps, y, yAt, yStep, channels);
            default -> throw new IllegalArgumentException("no pair gathers runs of " + count);
        }
    }

    /** Whether there is a loop for pairs of runs of this length. */
    static boolean pairs(int count) {
        return count == 3 || count == 5 || count == 7;
    }

    private static void add1(float[] x, int xAt, float[] w, int wAt, int taps, float[] y, int yAt, int channels) {
        for (int at = 0; at < channels * LANES; at += VECTOR) {
            int c = at / LANES;
            FloatVector a = load(y, yAt + at);
            FloatVector w0 = broadcast(w[wAt + c * taps]);
            a = load(x, xAt + at).fma(w0, a);
            a.intoArray(y, yAt + at);
        }
    }

    private static void add2(
            float[] x, int xAt, int xStep, float[] w, int wAt, int wStep, int taps, float[] y, int yAt, int channels) {
        for (int at = 0; at < channels * LANES; at += VECTOR) {
            int c = at / LANES;
            FloatVector a = load(y, yAt + at);
            FloatVector w0 = broadcast(w[wAt + c * taps]);
            a = load(x, xAt + at).fma(w0, a);
            FloatVector w1 = broadcast(w[wAt + wStep + c * taps]);
            a = load(x, xAt + xStep + at).fma(w1, a);
            a.intoArray(y, yAt + at);
        }
    }

    private static void add3(
            float[] x, int xAt, int xStep, float[] w, int wAt, int wStep, int taps, float[] y, int yAt, int channels) {
        for (int at = 0; at < channels * LANES; at += VECTOR) {
            int c = at / LANES;
            FloatVector a = load(y, yAt + at);
            FloatVector w0 = broadcast(w[wAt + c * taps]);
            a = load(x, xAt + at).fma(w0, a);
            FloatVector w1 = broadcast(w[wAt + wStep + c * taps]);
            a = load(x, xAt + xStep + at).fma(w1, a);
            FloatVector w2 = broadcast(w[wAt + 2 * wStep + c * taps]);
            a = load(x, xAt + 2 * xStep + at).fma(w2, a);
            a.intoArray(y, yAt + at);
        }
    }

    private static void addPair3(
            float[] x,
            int xAt,
            int xStep,
            float[] w,
            int wAt,
            int wStep,
            int taps,
            float[] y,
            int yAt,
            int yStep,
            int channels) {
        for (int at = 0; at < channels * LANES; at += VECTOR) {
            int c = at / LANES;
            FloatVector a0 = load(y, yAt + at);
            FloatVector a1 = load(y, yAt + yStep + at);
            FloatVector x0 = load(x, xAt + at);
            FloatVector w0 = broadcast(w[wAt + c * taps]);
            a0 = x0.fma(w0, a0);
            FloatVector x1 = load(x, xAt + xStep + at);
            FloatVector w1 = broadcast(w[wAt + wStep + c * taps]);
            a0 = x1.fma(w1, a0);
            a1 = x1.fma(w0, a1);
            FloatVector x2 = load(x, xAt + 2 * xStep + at);
            FloatVector w2 = broadcast(w[wAt + 2 * wStep + c * taps]);
            a0 = x2.fma(w2, a0);
            a1 = x2.fma(w1, a1);
            FloatVector x3 = load(x, xAt + 3 * xStep + at);
            a1 = x3.fma(w2, a1);
            a0.intoArray(y, yAt + at);
            a1.intoArray(y, yAt + yStep + at);
        }
    }

    private static void addPair5(
            float[] x,
            int xAt,
            int xStep,
            float[] w,
            int wAt,
            int wStep,
            int taps,
            float[] y,
            int yAt,
            int yStep,
            int channels) {
        for (int at = 0; at < channels * LANES; at += VECTOR) {
            int c = at / LANES;
            FloatVector a0 = load(y, yAt + at);
            FloatVector a1 = load(y, yAt + yStep + at);
            FloatVector x0 = load(x, xAt + at);
            FloatVector w0 = broadcast(w[wAt + c * taps]);
            a0 = x0.fma(w0, a0);
            FloatVector x1 = load(x, xAt + xStep + at);
            FloatVector w1 = broadcast(w[wAt + wStep + c * taps]);
            a0 = x1.fma(w1, a0);
            a1 = x1.fma(w0, a1);
            FloatVector x2 = load(x, xAt + 2 * xStep + at);
            FloatVector w2 = broadcast(w[wAt + 2 * wStep + c * taps]);
            a0 = x2.fma(w2, a0);
            a1 = x2.fma(w1, a1);
            FloatVector x3 = load(x, xAt + 3 * xStep + at);
            FloatVector w3 = broadcast(w[wAt + 3 * wStep + c * taps]);
            a0 = x3.fma(w3, a0);
            a1 = x3.fma(w2, a1);
            FloatVector x4 = load(x, xAt + 4 * xStep + at);
            FloatVector w4 = broadcast(w[wAt + 4 * wStep + c * taps]);
            a0 = x4.fma(w4, a0);
            a1 = x4.fma(w3, a1);
            FloatVector x5 = load(x, xAt + 5 * xStep + at);
            a1 = x5.fma(w4, a1);
            a0.intoArray(y, yAt + at);
            a1.intoArray(y, yAt + yStep + at);
        }
    }

    private static void addPair7(
            float[] x,
            int xAt,
            int xStep,
            float[] w,
            int wAt,
            int wStep,
            int taps,
            float[] y,
            int yAt,
            int yStep,
            int channels) {
        for (int at = 0; at < channels * LANES; at += VECTOR) {
            int c = at / LANES;
            FloatVector a0 = load(y, yAt + at);
            FloatVector a1 = load(y, yAt + yStep + at);
            FloatVector x0 = load(x, xAt + at);
            FloatVector w0 = broadcast(w[wAt + c * taps]);
            a0 = x0.fma(w0, a0);
            FloatVector x1 = load(x, xAt + xStep + at);
            FloatVector w1 = broadcast(w[wAt + wStep + c * taps]);
            a0 = x1.fma(w1, a0);
            a1 = x1.fma(w0, a1);
            FloatVector x2 = load(x, xAt + 2 * xStep + at);
            FloatVector w2 = broadcast(w[wAt + 2 * wStep + c * taps]);
            a0 = x2.fma(w2, a0);
            a1 = x2.fma(w1, a1);
            FloatVector x3 = load(x, xAt + 3 * xStep + at);
            FloatVector w3 = broadcast(w[wAt + 3 * wStep + c * taps]);
            a0 = x3.fma(w3, a0);
            a1 = x3.fma(w2, a1);
            FloatVector x4 = load(x, xAt + 4 * xStep + at);
            FloatVector w4 = broadcast(w[wAt + 4 * wStep + c * taps]);
            a0 = x4.fma(w4, a0);
            a1 = x4.fma(w3, a1);
            FloatVector x5 = load(x, xAt + 5 * xStep + at);
            FloatVector w5 = broadcast(w[wAt + 5 * wStep + c * taps]);
            a0 = x5.fma(w5, a0);
            a1 = x5.fma(w4, a1);
            FloatVector x6 = load(x, xAt + 6 * xStep + at);
            FloatVector w6 = broadcast(w[wAt + 6 * wStep + c * taps]);
            a0 = x6.fma(w6, a0);
            a1 = x6.fma(w5, a1);
            FloatVector x7 = load(x, xAt + 7 * xStep + at);
            a1 = x7.fma(w6, a1);
            a0.intoArray(y, yAt + at);
            a1.intoArray(y, yAt + yStep + at);
        }
    }

    /**
     * For each i below count: sums[i][c] += x[i][c] * dy[c], lane by lane.
     *
     * @param sumsStep from the sums of one tap to those of the next
     */
    static void addProducts(
            int count,
            float[] x,
            int xAt,
            int xStep,
            float[] dy,
            int dyAt,
            float[] sums,
            int sumsAt,
            int sumsStep,
            int channels) {
        int done = 0;
        for (; count - done >= 3; done += 3) {
            addProducts3(x, xAt + done * xStep, xStep, dy, dyAt, sums, sumsAt + done * sumsStep, sumsStep, channels);
        }
        if (count - done == 2) {
            addProducts2(x, xAt + done * xStep, xStep, dy, dyAt, sums, sumsAt + done * sumsStep, sumsStep, channels);
        } else if (count - done == 1) {
            addProducts1(x, xAt + done * xStep, dy, dyAt, sums, sumsAt + done * sumsStep, channels);
        }
    }

    /** The same for two neighbouring dy, of which the second one meets the x from the second one on. */
    static void addProductsOfPair(
            int count,
            float[] x,
            int xAt,
            int xStep,
            float[] dy,
            int dyAt,
            int dyStep,
            float[] sums,
            int sumsAt,
            int sumsStep,
            int channels) {
        switch (count) {
            case 3 -> addProductsOfPair3(x, xAt, xStep, dy, dyAt, dyStep, sums, sumsAt, sumsStep, channels);
            case 5 -> addProductsOfPair5(x, xAt, xStep, dy, dyAt, dyStep, sums, sumsAt, sumsStep, channels);
            case 7 -> addProductsOfPair7(x, xAt, xStep, dy, dyAt, dyStep, sums, sumsAt, sumsStep, channels);
            default -> throw new IllegalArgumentException("no pair gathers runs of " + count);
        }
    }

    private static void addProducts1(float[] x, int xAt, float[] dy, int dyAt, float[] sums, int sumsAt, int channels) {
        for (int at = 0; at < channels * LANES; at += VECTOR) {
            int sumAt = sumsAt + at;
            FloatVector a = load(dy, dyAt + at);
            load(x, xAt + at).fma(a, load(sums, sumAt)).intoArray(sums, sumAt);
        }
    }

    private static void addProducts2(
            float[] x, int xAt, int xStep, float[] dy, int dyAt, float[] sums, int sumsAt, int sumsStep, int channels) {
        for (int at = 0; at < channels * LANES; at += VECTOR) {
            int sumAt = sumsAt + at;
            FloatVector a = load(dy, dyAt + at);
            load(x, xAt + at).fma(a, load(sums, sumAt)).intoArray(sums, sumAt);
            load(x, xAt + xStep + at).fma(a, load(sums, sumAt + sumsStep)).intoArray(sums, sumAt + sumsStep);
        }
    }

    private static void addProducts3(
            float[] x, int xAt, int xStep, float[] dy, int dyAt, float[] sums, int sumsAt, int sumsStep, int channels) {
        for (int at = 0; at < channels * LANES; at += VECTOR) {
            int sumAt = sumsAt + at;
            FloatVector a = load(dy, dyAt + at);
            load(x, xAt + at).fma(a, load(sums, sumAt)).intoArray(sums, sumAt);
            load(x, xAt + xStep + at).fma(a, load(sums, sumAt + sumsStep)).intoArray(sums, sumAt + sumsStep);
            load(x, xAt + 2 * xStep + at)
                    .fma(a, load(sums, sumAt + 2 * sumsStep))
                    .intoArray(sums, sumAt + 2 * sumsStep);
        }
    }

    private static void addProductsOfPair3(
            float[] x,
            int xAt,
            int xStep,
            float[] dy,
            int dyAt,
            int dyStep,
            float[] sums,
            int sumsAt,
            int sumsStep,
            int channels) {
        for (int at = 0; at < channels * LANES; at += VECTOR) {
            int sumAt = sumsAt + at;
            FloatVector a0 = load(dy, dyAt + at);
            FloatVector a1 = load(dy, dyAt + dyStep + at);
            FloatVector x0 = load(x, xAt + at);
            FloatVector s0 = x0.fma(a0, load(sums, sumAt));
            FloatVector x1 = load(x, xAt + xStep + at);
            x1.fma(a1, s0).intoArray(sums, sumAt);
            FloatVector s1 = x1.fma(a0, load(sums, sumAt + sumsStep));
            FloatVector x2 = load(x, xAt + 2 * xStep + at);
            x2.fma(a1, s1).intoArray(sums, sumAt + sumsStep);
            FloatVector s2 = x2.fma(a0, load(sums, sumAt + 2 * sumsStep));
            FloatVector x3 = load(x, xAt + 3 * xStep + at);
            x3.fma(a1, s2).intoArray(sums, sumAt + 2 * sumsStep);
        }
    }

    private static void addProductsOfPair5(
            float[] x,
            int xAt,
            int xStep,
            float[] dy,
            int dyAt,
            int dyStep,
            float[] sums,
            int sumsAt,
            int sumsStep,
            int channels) {
        for (int at = 0; at < channels * LANES; at += VECTOR) {
            int sumAt = sumsAt + at;
            FloatVector a0 = load(dy, dyAt + at);
            FloatVector a1 = load(dy, dyAt + dyStep + at);
            FloatVector x0 = load(x, xAt + at);
            FloatVector s0 = x0.fma(a0, load(sums, sumAt));
            FloatVector x1 = load(x, xAt + xStep + at);
            x1.fma(a1, s0).intoArray(sums, sumAt);
            FloatVector s1 = x1.fma(a0, load(sums, sumAt + sumsStep));
            FloatVector x2 = load(x, xAt + 2 * xStep + at);
            x2.fma(a1, s1).intoArray(sums, sumAt + sumsStep);
            FloatVector s2 = x2.fma(a0, load(sums, sumAt + 2 * sumsStep));
            FloatVector x3 = load(x, xAt + 3 * xStep + at);
            x3.fma(a1, s2).intoArray(sums, sumAt + 2 * sumsStep);
            FloatVector s3 = x3.fma(a0, load(sums, sumAt + 3 * sumsStep));
            FloatVector x4 = load(x, xAt + 4 * xStep + at);
            x4.fma(a1, s3).intoArray(sums, sumAt + 3 * sumsStep);
            FloatVector s4 = x4.fma(a0, load(sums, sumAt + 4 * sumsStep));
            FloatVector x5 = load(x, xAt + 5 * xStep + at);
            x5.fma(a1, s4).intoArray(sums, sumAt + 4 * sumsStep);
        }
    }

    private static void addProductsOfPair7(
            float[] x,
            int xAt,
            int xStep,
            float[] dy,
            int dyAt,
            int dyStep,
            float[] sums,
            int sumsAt,
            int sumsStep,
            int channels) {
        for (int at = 0; at < channels * LANES; at += VECTOR) {
            int sumAt = sumsAt + at;
            FloatVector a0 = load(dy, dyAt + at);
            FloatVector a1 = load(dy, dyAt + dyStep + at);
            FloatVector x0 = load(x, xAt + at);
            FloatVector s0 = x0.fma(a0, load(sums, sumAt));
            FloatVector x1 = load(x, xAt + xStep + at);
            x1.fma(a1, s0).intoArray(sums, sumAt);
            FloatVector s1 = x1.fma(a0, load(sums, sumAt + sumsStep));
            FloatVector x2 = load(x, xAt + 2 * xStep + at);
            x2.fma(a1, s1).intoArray(sums, sumAt + sumsStep);
            FloatVector s2 = x2.fma(a0, load(sums, sumAt + 2 * sumsStep));
            FloatVector x3 = load(x, xAt + 3 * xStep + at);
            x3.fma(a1, s2).intoArray(sums, sumAt + 2 * sumsStep);
            FloatVector s3 = x3.fma(a0, load(sums, sumAt + 3 * sumsStep));
            FloatVector x4 = load(x, xAt + 4 * xStep + at);
            x4.fma(a1, s3).intoArray(sums, sumAt + 3 * sumsStep);
            FloatVector s4 = x4.fma(a0, load(sums, sumAt + 4 * sumsStep));
            FloatVector x5 = load(x, xAt + 5 * xStep + at);
            x5.fma(a1, s4).intoArray(sums, sumAt + 4 * sumsStep);
            FloatVector s5 = x5.fma(a0, load(sums, sumAt + 5 * sumsStep));
            FloatVector x6 = load(x, xAt + 6 * xStep + at);
            x6.fma(a1, s5).intoArray(sums, sumAt + 5 * sumsStep);
            FloatVector s6 = x6.fma(a0, load(sums, sumAt + 6 * sumsStep));
            FloatVector x7 = load(x, xAt + 7 * xStep + at);
            x7.fma(a1, s6).intoArray(sums, sumAt + 6 * sumsStep);
        }
    }

    private static FloatVector load(float[] from, int at) {
        return FloatVector.fromArray(SPECIES, from, at);
    }

    private static FloatVector broadcast(float value) {
        return FloatVector.broadcast(SPECIES, value);
    }
}
