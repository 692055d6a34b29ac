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
        for (int c = 0; c < channels; c++) {
            int at = c * LANES;
            FloatVector a = load(y, yAt + at);
            FloatVector b = load(y, yAt + at + VECTOR);
            FloatVector w0 = broadcast(w[wAt + c * taps]);
            a = load(x, xAt + at).fma(w0, a);
            b = load(x, xAt + at + VECTOR).fma(w0, b);
            a.intoArray(y, yAt + at);
            b.intoArray(y, yAt + at + VECTOR);
        }
    }

    private static void add2(
            float[] x, int xAt, int xStep, float[] w, int wAt, int wStep, int taps, float[] y, int yAt, int channels) {
        for (int c = 0; c < channels; c++) {
            int at = c * LANES;
            FloatVector a = load(y, yAt + at);
            FloatVector b = load(y, yAt + at + VECTOR);
            FloatVector w0 = broadcast(w[wAt + c * taps]);
            a = load(x, xAt + at).fma(w0, a);
            b = load(x, xAt + at + VECTOR).fma(w0, b);
            FloatVector w1 = broadcast(w[wAt + wStep + c * taps]);
            a = load(x, xAt + xStep + at).fma(w1, a);
            b = load(x, xAt + xStep + at + VECTOR).fma(w1, b);
            a.intoArray(y, yAt + at);
            b.intoArray(y, yAt + at + VECTOR);
        }
    }

    private static void add3(
            float[] x, int xAt, int xStep, float[] w, int wAt, int wStep, int taps, float[] y, int yAt, int channels) {
        for (int c = 0; c < channels; c++) {
            int at = c * LANES;
            FloatVector a = load(y, yAt + at);
            FloatVector b = load(y, yAt + at + VECTOR);
            FloatVector w0 = broadcast(w[wAt + c * taps]);
            a = load(x, xAt + at).fma(w0, a);
            b = load(x, xAt + at + VECTOR).fma(w0, b);
            FloatVector w1 = broadcast(w[wAt + wStep + c * taps]);
            a = load(x, xAt + xStep + at).fma(w1, a);
            b = load(x, xAt + xStep + at + VECTOR).fma(w1, b);
            FloatVector w2 = broadcast(w[wAt + 2 * wStep + c * taps]);
            a = load(x, xAt + 2 * xStep + at).fma(w2, a);
            b = load(x, xAt + 2 * xStep + at + VECTOR).fma(w2, b);
            a.intoArray(y, yAt + at);
            b.intoArray(y, yAt + at + VECTOR);
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
        for (int c = 0; c < channels; c++) {
            int at = c * LANES;
            FloatVector a0 = load(y, yAt + at);
            FloatVector b0 = load(y, yAt + at + VECTOR);
            FloatVector a1 = load(y, yAt + yStep + at);
            FloatVector b1 = load(y, yAt + yStep + at + VECTOR);
            FloatVector xa0 = load(x, xAt + at);
            FloatVector xb0 = load(x, xAt + at + VECTOR);
            FloatVector w0 = broadcast(w[wAt + c * taps]);
            a0 = xa0.fma(w0, a0);
            b0 = xb0.fma(w0, b0);
            FloatVector xa1 = load(x, xAt + xStep + at);
            FloatVector xb1 = load(x, xAt + xStep + at + VECTOR);
            FloatVector w1 = broadcast(w[wAt + wStep + c * taps]);
            a0 = xa1.fma(w1, a0);
            b0 = xb1.fma(w1, b0);
            a1 = xa1.fma(w0, a1);
            b1 = xb1.fma(w0, b1);
            FloatVector xa2 = load(x, xAt + 2 * xStep + at);
            FloatVector xb2 = load(x, xAt + 2 * xStep + at + VECTOR);
            FloatVector w2 = broadcast(w[wAt + 2 * wStep + c * taps]);
            a0 = xa2.fma(w2, a0);
            b0 = xb2.fma(w2, b0);
            a1 = xa2.fma(w1, a1);
            b1 = xb2.fma(w1, b1);
            FloatVector xa3 = load(x, xAt + 3 * xStep + at);
            FloatVector xb3 = load(x, xAt + 3 * xStep + at + VECTOR);
            a1 = xa3.fma(w2, a1);
            b1 = xb3.fma(w2, b1);
            a0.intoArray(y, yAt + at);
            b0.intoArray(y, yAt + at + VECTOR);
            a1.intoArray(y, yAt + yStep + at);
            b1.intoArray(y, yAt + yStep + at + VECTOR);
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
        for (int c = 0; c < channels; c++) {
            int at = c * LANES;
            FloatVector a0 = load(y, yAt + at);
            FloatVector b0 = load(y, yAt + at + VECTOR);
            FloatVector a1 = load(y, yAt + yStep + at);
            FloatVector b1 = load(y, yAt + yStep + at + VECTOR);
            FloatVector xa0 = load(x, xAt + at);
            FloatVector xb0 = load(x, xAt + at + VECTOR);
            FloatVector w0 = broadcast(w[wAt + c * taps]);
            a0 = xa0.fma(w0, a0);
            b0 = xb0.fma(w0, b0);
            FloatVector xa1 = load(x, xAt + xStep + at);
            FloatVector xb1 = load(x, xAt + xStep + at + VECTOR);
            FloatVector w1 = broadcast(w[wAt + wStep + c * taps]);
            a0 = xa1.fma(w1, a0);
            b0 = xb1.fma(w1, b0);
            a1 = xa1.fma(w0, a1);
            b1 = xb1.fma(w0, b1);
            FloatVector xa2 = load(x, xAt + 2 * xStep + at);
            FloatVector xb2 = load(x, xAt + 2 * xStep + at + VECTOR);
            FloatVector w2 = broadcast(w[wAt + 2 * wStep + c * taps]);
            a0 = xa2.fma(w2, a0);
            b0 = xb2.fma(w2, b0);
            a1 = xa2.fma(w1, a1);
            b1 = xb2.fma(w1, b1);
            FloatVector xa3 = load(x, xAt + 3 * xStep + at);
            FloatVector xb3 = load(x, xAt + 3 * xStep + at + VECTOR);
            FloatVector w3 = broadcast(w[wAt + 3 * wStep + c * taps]);
            a0 = xa3.fma(w3, a0);
            b0 = xb3.fma(w3, b0);
            a1 = xa3.fma(w2, a1);
            b1 = xb3.fma(w2, b1);
            FloatVector xa4 = load(x, xAt + 4 * xStep + at);
            FloatVector xb4 = load(x, xAt + 4 * xStep + at + VECTOR);
            FloatVector w4 = broadcast(w[wAt + 4 * wStep + c * taps]);
            a0 = xa4.fma(w4, a0);
            b0 = xb4.fma(w4, b0);
            a1 = xa4.fma(w3, a1);
            b1 = xb4.fma(w3, b1);
            FloatVector xa5 = load(x, xAt + 5 * xStep + at);
            FloatVector xb5 = load(x, xAt + 5 * xStep + at + VECTOR);
            a1 = xa5.fma(w4, a1);
            b1 = xb5.fma(w4, b1);
            a0.intoArray(y, yAt + at);
            b0.intoArray(y, yAt + at + VECTOR);
            a1.intoArray(y, yAt + yStep + at);
            b1.intoArray(y, yAt + yStep + at + VECTOR);
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
        for (int c = 0; c < channels; c++) {
            int at = c * LANES;
            FloatVector a0 = load(y, yAt + at);
            FloatVector b0 = load(y, yAt + at + VECTOR);
            FloatVector a1 = load(y, yAt + yStep + at);
            FloatVector b1 = load(y, yAt + yStep + at + VECTOR);
            FloatVector xa0 = load(x, xAt + at);
            FloatVector xb0 = load(x, xAt + at + VECTOR);
            FloatVector w0 = broadcast(w[wAt + c * taps]);
            a0 = xa0.fma(w0, a0);
            b0 = xb0.fma(w0, b0);
            FloatVector xa1 = load(x, xAt + xStep + at);
            FloatVector xb1 = load(x, xAt + xStep + at + VECTOR);
            FloatVector w1 = broadcast(w[wAt + wStep + c * taps]);
            a0 = xa1.fma(w1, a0);
            b0 = xb1.fma(w1, b0);
            a1 = xa1.fma(w0, a1);
            b1 = xb1.fma(w0, b1);
            FloatVector xa2 = load(x, xAt + 2 * xStep + at);
            FloatVector xb2 = load(x, xAt + 2 * xStep + at + VECTOR);
            FloatVector w2 = broadcast(w[wAt + 2 * wStep + c * taps]);
            a0 = xa2.fma(w2, a0);
            b0 = xb2.fma(w2, b0);
            a1 = xa2.fma(w1, a1);
            b1 = xb2.fma(w1, b1);
            FloatVector xa3 = load(x, xAt + 3 * xStep + at);
            FloatVector xb3 = load(x, xAt + 3 * xStep + at + VECTOR);
            FloatVector w3 = broadcast(w[wAt + 3 * wStep + c * taps]);
            a0 = xa3.fma(w3, a0);
            b0 = xb3.fma(w3, b0);
            a1 = xa3.fma(w2, a1);
            b1 = xb3.fma(w2, b1);
            FloatVector xa4 = load(x, xAt + 4 * xStep + at);
            FloatVector xb4 = load(x, xAt + 4 * xStep + at + VECTOR);
            FloatVector w4 = broadcast(w[wAt + 4 * wStep + c * taps]);
            a0 = xa4.fma(w4, a0);
            b0 = xb4.fma(w4, b0);
            a1 = xa4.fma(w3, a1);
            b1 = xb4.fma(w3, b1);
            FloatVector xa5 = load(x, xAt + 5 * xStep + at);
            FloatVector xb5 = load(x, xAt + 5 * xStep + at + VECTOR);
            FloatVector w5 = broadcast(w[wAt + 5 * wStep + c * taps]);
            a0 = xa5.fma(w5, a0);
            b0 = xb5.fma(w5, b0);
            a1 = xa5.fma(w4, a1);
            b1 = xb5.fma(w4, b1);
            FloatVector xa6 = load(x, xAt + 6 * xStep + at);
            FloatVector xb6 = load(x, xAt + 6 * xStep + at + VECTOR);
            FloatVector w6 = broadcast(w[wAt + 6 * wStep + c * taps]);
            a0 = xa6.fma(w6, a0);
            b0 = xb6.fma(w6, b0);
            a1 = xa6.fma(w5, a1);
            b1 = xb6.fma(w5, b1);
            FloatVector xa7 = load(x, xAt + 7 * xStep + at);
            FloatVector xb7 = load(x, xAt + 7 * xStep + at + VECTOR);
            a1 = xa7.fma(w6, a1);
            b1 = xb7.fma(w6, b1);
            a0.intoArray(y, yAt + at);
            b0.intoArray(y, yAt + at + VECTOR);
            a1.intoArray(y, yAt + yStep + at);
            b1.intoArray(y, yAt + yStep + at + VECTOR);
        }
    }

    /**
     * For each i below count: sums[i][c] += x[i][c] * dy[c], in 8 lanes.
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
        for (int c = 0; c < channels; c++) {
            int at = c * LANES;
            int sumAt = sumsAt + c * VECTOR;
            FloatVector a = load(dy, dyAt + at);
            FloatVector b = load(dy, dyAt + at + VECTOR);
            FloatVector s0 = load(x, xAt + at).fma(a, load(sums, sumAt));
            load(x, xAt + at + VECTOR).fma(b, s0).intoArray(sums, sumAt);
        }
    }

    private static void addProducts2(
            float[] x, int xAt, int xStep, float[] dy, int dyAt, float[] sums, int sumsAt, int sumsStep, int channels) {
        for (int c = 0; c < channels; c++) {
            int at = c * LANES;
            int sumAt = sumsAt + c * VECTOR;
            FloatVector a = load(dy, dyAt + at);
            FloatVector b = load(dy, dyAt + at + VECTOR);
            FloatVector s0 = load(x, xAt + at).fma(a, load(sums, sumAt));
            load(x, xAt + at + VECTOR).fma(b, s0).intoArray(sums, sumAt);
            FloatVector s1 = load(x, xAt + xStep + at).fma(a, load(sums, sumAt + sumsStep));
            load(x, xAt + xStep + at + VECTOR).fma(b, s1).intoArray(sums, sumAt + sumsStep);
        }
    }

    private static void addProducts3(
            float[] x, int xAt, int xStep, float[] dy, int dyAt, float[] sums, int sumsAt, int sumsStep, int channels) {
        for (int c = 0; c < channels; c++) {
            int at = c * LANES;
            int sumAt = sumsAt + c * VECTOR;
            FloatVector a = load(dy, dyAt + at);
            FloatVector b = load(dy, dyAt + at + VECTOR);
            FloatVector s0 = load(x, xAt + at).fma(a, load(sums, sumAt));
            load(x, xAt + at + VECTOR).fma(b, s0).intoArray(sums, sumAt);
            FloatVector s1 = load(x, xAt + xStep + at).fma(a, load(sums, sumAt + sumsStep));
            load(x, xAt + xStep + at + VECTOR).fma(b, s1).intoArray(sums, sumAt + sumsStep);
            FloatVector s2 = load(x, xAt + 2 * xStep + at).fma(a, load(sums, sumAt + 2 * sumsStep));
            load(x, xAt + 2 * xStep + at + VECTOR).fma(b, s2).intoArray(sums, sumAt + 2 * sumsStep);
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
        for (int c = 0; c < channels; c++) {
            int at = c * LANES;
            int sumAt = sumsAt + c * VECTOR;
            FloatVector a0 = load(dy, dyAt + at);
            FloatVector b0 = load(dy, dyAt + at + VECTOR);
            FloatVector a1 = load(dy, dyAt + dyStep + at);
            FloatVector b1 = load(dy, dyAt + dyStep + at + VECTOR);
            FloatVector xa0 = load(x, xAt + at);
            FloatVector xb0 = load(x, xAt + at + VECTOR);
            FloatVector s0 = xb0.fma(b0, xa0.fma(a0, load(sums, sumAt)));
            FloatVector xa1 = load(x, xAt + xStep + at);
            FloatVector xb1 = load(x, xAt + xStep + at + VECTOR);
            xb1.fma(b1, xa1.fma(a1, s0)).intoArray(sums, sumAt);
            FloatVector s1 = xb1.fma(b0, xa1.fma(a0, load(sums, sumAt + sumsStep)));
            FloatVector xa2 = load(x, xAt + 2 * xStep + at);
            FloatVector xb2 = load(x, xAt + 2 * xStep + at + VECTOR);
            xb2.fma(b1, xa2.fma(a1, s1)).intoArray(sums, sumAt + sumsStep);
            FloatVector s2 = xb2.fma(b0, xa2.fma(a0, load(sums, sumAt + 2 * sumsStep)));
            FloatVector xa3 = load(x, xAt + 3 * xStep + at);
            FloatVector xb3 = load(x, xAt + 3 * xStep + at + VECTOR);
            xb3.fma(b1, xa3.fma(a1, s2)).intoArray(sums, sumAt + 2 * sumsStep);
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
        for (int c = 0; c < channels; c++) {
            int at = c * LANES;
            int sumAt = sumsAt + c * VECTOR;
            FloatVector a0 = load(dy, dyAt + at);
            FloatVector b0 = load(dy, dyAt + at + VECTOR);
            FloatVector a1 = load(dy, dyAt + dyStep + at);
            FloatVector b1 = load(dy, dyAt + dyStep + at + VECTOR);
            FloatVector xa0 = load(x, xAt + at);
            FloatVector xb0 = load(x, xAt + at + VECTOR);
            FloatVector s0 = xb0.fma(b0, xa0.fma(a0, load(sums, sumAt)));
            FloatVector xa1 = load(x, xAt + xStep + at);
            FloatVector xb1 = load(x, xAt + xStep + at + VECTOR);
            xb1.fma(b1, xa1.fma(a1, s0)).intoArray(sums, sumAt);
            FloatVector s1 = xb1.fma(b0, xa1.fma(a0, load(sums, sumAt + sumsStep)));
            FloatVector xa2 = load(x, xAt + 2 * xStep + at);
            FloatVector xb2 = load(x, xAt + 2 * xStep + at + VECTOR);
            xb2.fma(b1, xa2.fma(a1, s1)).intoArray(sums, sumAt + sumsStep);
            FloatVector s2 = xb2.fma(b0, xa2.fma(a0, load(sums, sumAt + 2 * sumsStep)));
            FloatVector xa3 = load(x, xAt + 3 * xStep + at);
            FloatVector xb3 = load(x, xAt + 3 * xStep + at + VECTOR);
            xb3.fma(b1, xa3.fma(a1, s2)).intoArray(sums, sumAt + 2 * sumsStep);
            FloatVector s3 = xb3.fma(b0, xa3.fma(a0, load(sums, sumAt + 3 * sumsStep)));
            FloatVector xa4 = load(x, xAt + 4 * xStep + at);
            FloatVector xb4 = load(x, xAt + 4 * xStep + at + VECTOR);
            xb4.fma(b1, xa4.fma(a1, s3)).intoArray(sums, sumAt + 3 * sumsStep);
            FloatVector s4 = xb4.fma(b0, xa4.fma(a0, load(sums, sumAt + 4 * sumsStep)));
            FloatVector xa5 = load(x, xAt + 5 * xStep + at);
            FloatVector xb5 = load(x, xAt + 5 * xStep + at + VECTOR);
            xb5.fma(b1, xa5.fma(a1, s4)).intoArray(sums, sumAt + 4 * sumsStep);
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
        for (int c = 0; c < channels; c++) {
            int at = c * LANES;
            int sumAt = sumsAt + c * VECTOR;
            FloatVector a0 = load(dy, dyAt + at);
            FloatVector b0 = load(dy, dyAt + at + VECTOR);
            FloatVector a1 = load(dy, dyAt + dyStep + at);
            FloatVector b1 = load(dy, dyAt + dyStep + at + VECTOR);
            FloatVector xa0 = load(x, xAt + at);
            FloatVector xb0 = load(x, xAt + at + VECTOR);
            FloatVector s0 = xb0.fma(b0, xa0.fma(a0, load(sums, sumAt)));
            FloatVector xa1 = load(x, xAt + xStep + at);
            FloatVector xb1 = load(x, xAt + xStep + at + VECTOR);
            xb1.fma(b1, xa1.fma(a1, s0)).intoArray(sums, sumAt);
            FloatVector s1 = xb1.fma(b0, xa1.fma(a0, load(sums, sumAt + sumsStep)));
            FloatVector xa2 = load(x, xAt + 2 * xStep + at);
            FloatVector xb2 = load(x, xAt + 2 * xStep + at + VECTOR);
            xb2.fma(b1, xa2.fma(a1, s1)).intoArray(sums, sumAt + sumsStep);
            FloatVector s2 = xb2.fma(b0, xa2.fma(a0, load(sums, sumAt + 2 * sumsStep)));
            FloatVector xa3 = load(x, xAt + 3 * xStep + at);
            FloatVector xb3 = load(x, xAt + 3 * xStep + at + VECTOR);
            xb3.fma(b1, xa3.fma(a1, s2)).intoArray(sums, sumAt + 2 * sumsStep);
            FloatVector s3 = xb3.fma(b0, xa3.fma(a0, load(sums, sumAt + 3 * sumsStep)));
            FloatVector xa4 = load(x, xAt + 4 * xStep + at);
            FloatVector xb4 = load(x, xAt + 4 * xStep + at + VECTOR);
            xb4.fma(b1, xa4.fma(a1, s3)).intoArray(sums, sumAt + 3 * sumsStep);
            FloatVector s4 = xb4.fma(b0, xa4.fma(a0, load(sums, sumAt + 4 * sumsStep)));
            FloatVector xa5 = load(x, xAt + 5 * xStep + at);
            FloatVector xb5 = load(x, xAt + 5 * xStep + at + VECTOR);
            xb5.fma(b1, xa5.fma(a1, s4)).intoArray(sums, sumAt + 4 * sumsStep);
            FloatVector s5 = xb5.fma(b0, xa5.fma(a0, load(sums, sumAt + 5 * sumsStep)));
            FloatVector xa6 = load(x, xAt + 6 * xStep + at);
            FloatVector xb6 = load(x, xAt + 6 * xStep + at + VECTOR);
            xb6.fma(b1, xa6.fma(a1, s5)).intoArray(sums, sumAt + 5 * sumsStep);
            FloatVector s6 = xb6.fma(b0, xa6.fma(a0, load(sums, sumAt + 6 * sumsStep)));
            FloatVector xa7 = load(x, xAt + 7 * xStep + at);
            FloatVector xb7 = load(x, xAt + 7 * xStep + at + VECTOR);
            xb7.fma(b1, xa7.fma(a1, s6)).intoArray(sums, sumAt + 6 * sumsStep);
        }
    }

    private static FloatVector load(float[] from, int at) {
        return FloatVector.fromArray(SPECIES, from, at);
    }

    private static FloatVector broadcast(float value) {
        return FloatVector.broadcast(SPECIES, value);
    }
}
