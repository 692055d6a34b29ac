package io.efsnas.supernet.vector;

import static io.efsnas.supernet.vector.Groups.LANES;
import static io.efsnas.supernet.vector.Groups.PIXELS;
import static io.efsnas.supernet.vector.Groups.SPECIES;
import static io.efsnas.supernet.vector.Groups.VECTOR;

import jdk.incubator.vector.FloatVector;

/**
 * The innermost loops of {@link WinogradWeightGradient}: the sums of a few output channels by 16 input channels, held in
 * registers, gather a run of images.
 *
 * <p>For {@code o} below the tile's height: {@code sums[o][lane] += sum over k of x[k][lane] * by[o][k]}, where the rows of
 * {@code by}, of {@code plane} values each, lie one behind the other. As in {@link ConvolutionTiles} each height is a method with one loop, and bits
 * do not depend on the width of vectors.
 */
final class GradientTiles {

    /** Output channels come by this number, the last ones filled up. */
    static final int HEIGHT = PIXELS == 2 ? 16 : 4;

    private GradientTiles() {}

    /**
     * Adds to the sums of {@link #HEIGHT} output channels.
     *
     * @param xNext where a second tile of 16 input channels lies behind the first one, or 0 where there is none
     * @param sumsNext where the sums of the second tile lie behind those of the first
     */
    static void add(
            float[] x, int at, int xNext, float[] by, int byAt, int plane, float[] sums, int sumsAt, int sumsNext) {
        if (PIXELS == 1) {
            add4(x, at, by, byAt, plane, sums, sumsAt);
            if (xNext > 0) {
                add4(x, at + xNext, by, byAt, plane, sums, sumsAt + sumsNext);
            }
        } else if (xNext > 0) {
            add8(x, at, xNext, by, byAt, plane, sums, sumsAt, sumsNext);
            add8(x, at, xNext, by, byAt + 8 * plane, plane, sums, sumsAt + 8 * LANES, sumsNext);
        } else {
            add16(x, at, by, byAt, plane, sums, sumsAt);
        }
    }

    /** Of one tile of input channels, which two vectors of 256 bits hold. */
    private static void add4(float[] x, int at, float[] by, int byAt, int plane, float[] sums, int sumsAt) {
        FloatVector a0 = load(sums, sumsAt);
        FloatVector b0 = load(sums, sumsAt + VECTOR);
        FloatVector a1 = load(sums, sumsAt + LANES);
        FloatVector b1 = load(sums, sumsAt + VECTOR + LANES);
        FloatVector a2 = load(sums, sumsAt + 2 * LANES);
        FloatVector b2 = load(sums, sumsAt + VECTOR + 2 * LANES);
        FloatVector a3 = load(sums, sumsAt + 3 * LANES);
        FloatVector b3 = load(sums, sumsAt + VECTOR + 3 * LANES);
        for (int k = 0; k < plane; k++) {
            FloatVector a = load(x, at + k * LANES);
            FloatVector b = load(x, at + VECTOR + k * LANES);
            FloatVector w0 = broadcast(by[byAt + k]);
            a0 = a.fma(w0, a0);
            b0 = b.fma(w0, b0);
            FloatVector w1 = broadcast(by[byAt + k + plane]);
            a1 = a.fma(w1, a1);
            b1 = b.fma(w1, b1);
            FloatVector w2 = broadcast(by[byAt + k + 2 * plane]);
            a2 = a.fma(w2, a2);
            b2 = b.fma(w2, b2);
            FloatVector w3 = broadcast(by[byAt + k + 3 * plane]);
            a3 = a.fma(w3, a3);
            b3 = b.fma(w3, b3);
        }
        a0.intoArray(sums, sumsAt);
        b0.intoArray(sums, sumsAt + VECTOR);
        a1.intoArray(sums, sumsAt + LANES);
        b1.intoArray(sums, sumsAt + VECTOR + LANES);
        a2.intoArray(sums, sumsAt + 2 * LANES);
        b2.intoArray(sums, sumsAt + VECTOR + 2 * LANES);
        a3.intoArray(sums, sumsAt + 3 * LANES);
        b3.intoArray(sums, sumsAt + VECTOR + 3 * LANES);
    }

    /** Of two tiles of input channels. */
    private static void add8(
            float[] x, int at, int xNext, float[] by, int byAt, int plane, float[] sums, int sumsAt, int sumsNext) {
        FloatVector a0 = load(sums, sumsAt);
        FloatVector b0 = load(sums, sumsAt + sumsNext);
        FloatVector a1 = load(sums, sumsAt + LANES);
        FloatVector b1 = load(sums, sumsAt + sumsNext + LANES);
        FloatVector a2 = load(sums, sumsAt + 2 * LANES);
        FloatVector b2 = load(sums, sumsAt + sumsNext + 2 * LANES);
        FloatVector a3 = load(sums, sumsAt + 3 * LANES);
        FloatVector b3 = load(sums, sumsAt + sumsNext + 3 * LANES);
        FloatVector a4 = load(sums, sumsAt + 4 * LANES);
        FloatVector b4 = load(sums, sumsAt + sumsNext + 4 * LANES);
        FloatVector a5 = load(sums, sumsAt + 5 * LANES);
        FloatVector b5 = load(sums, sumsAt + sumsNext + 5 * LANES);
        FloatVector a6 = load(sums, sumsAt + 6 * LANES);
        FloatVector b6 = load(sums, sumsAt + sumsNext + 6 * LANES);
        FloatVector a7 = load(sums, sumsAt + 7 * LANES);
        FloatVector b7 = load(sums, sumsAt + sumsNext + 7 * LANES);
        for (int k = 0; k < plane; k++) {
            FloatVector a = load(x, at + k * LANES);
            FloatVector b = load(x, at + xNext + k * LANES);
            FloatVector w0 = broadcast(by[byAt + k]);
            a0 = a.fma(w0, a0);
            b0 = b.fma(w0, b0);
            FloatVector w1 = broadcast(by[byAt + k + plane]);
            a1 = a.fma(w1, a1);
            b1 = b.fma(w1, b1);
            FloatVector w2 = broadcast(by[byAt + k + 2 * plane]);
            a2 = a.fma(w2, a2);
            b2 = b.fma(w2, b2);
            FloatVector w3 = broadcast(by[byAt + k + 3 * plane]);
            a3 = a.fma(w3, a3);
            b3 = b.fma(w3, b3);
            FloatVector w4 = broadcast(by[byAt + k + 4 * plane]);
            a4 = a.fma(w4, a4);
            b4 = b.fma(w4, b4);
            FloatVector w5 = broadcast(by[byAt + k + 5 * plane]);
            a5 = a.fma(w5, a5);
            b5 = b.fma(w5, b5);
            FloatVector w6 = broadcast(by[byAt + k + 6 * plane]);
            a6 = a.fma(w6, a6);
            b6 = b.fma(w6, b6);
            FloatVector w7 = broadcast(by[byAt + k + 7 * plane]);
            a7 = a.fma(w7, a7);
            b7 = b.fma(w7, b7);
        }
        a0.intoArray(sums, sumsAt);
        b0.intoArray(sums, sumsAt + sumsNext);
        a1.intoArray(sums, sumsAt + LANES);
        b1.intoArray(sums, sumsAt + sumsNext + LANES);
        a2.intoArray(sums, sumsAt + 2 * LANES);
        b2.intoArray(sums, sumsAt + sumsNext + 2 * LANES);
        a3.intoArray(sums, sumsAt + 3 * LANES);
        b3.intoArray(sums, sumsAt + sumsNext + 3 * LANES);
        a4.intoArray(sums, sumsAt + 4 * LANES);
        b4.intoArray(sums, sumsAt + sumsNext + 4 * LANES);
        a5.intoArray(sums, sumsAt + 5 * LANES);
        b5.intoArray(sums, sumsAt + sumsNext + 5 * LANES);
        a6.intoArray(sums, sumsAt + 6 * LANES);
        b6.intoArray(sums, sumsAt + sumsNext + 6 * LANES);
        a7.intoArray(sums, sumsAt + 7 * LANES);
        b7.intoArray(sums, sumsAt + sumsNext + 7 * LANES);
    }

    /** Of one tile of input channels, which one vector of 512 bits holds. */
    private static void add16(float[] x, int at, float[] by, int byAt, int plane, float[] sums, int sumsAt) {
        FloatVector a0 = load(sums, sumsAt);
        FloatVector a1 = load(sums, sumsAt + LANES);
        FloatVector a2 = load(sums, sumsAt + 2 * LANES);
        FloatVector a3 = load(sums, sumsAt + 3 * LANES);
        FloatVector a4 = load(sums, sumsAt + 4 * LANES);
        FloatVector a5 = load(sums, sumsAt + 5 * LANES);
        FloatVector a6 = load(sums, sumsAt + 6 * LANES);
        FloatVector a7 = load(sums, sumsAt + 7 * LANES);
        FloatVector a8 = load(sums, sumsAt + 8 * LANES);
        FloatVector a9 = load(sums, sumsAt + 9 * LANES);
        FloatVector a10 = load(sums, sumsAt + 10 * LANES);
        FloatVector a11 = load(sums, sumsAt + 11 * LANES);
        FloatVector a12 = load(sums, sumsAt + 12 * LANES);
        FloatVector a13 = load(sums, sumsAt + 13 * LANES);
        FloatVector a14 = load(sums, sumsAt + 14 * LANES);
        FloatVector a15 = load(sums, sumsAt + 15 * LANES);
        for (int k = 0; k < plane; k++) {
            FloatVector a = load(x, at + k * LANES);
            a0 = a.fma(broadcast(by[byAt + k]), a0);
            a1 = a.fma(broadcast(by[byAt + k + plane]), a1);
            a2 = a.fma(broadcast(by[byAt + k + 2 * plane]), a2);
            a3 = a.fma(broadcast(by[byAt + k + 3 * plane]), a3);
            a4 = a.fma(broadcast(by[byAt + k + 4 * plane]), a4);
            a5 = a.fma(broadcast(by[byAt + k + 5 * plane]), a5);
            a6 = a.fma(broadcast(by[byAt + k + 6 * plane]), a6);
            a7 = a.fma(broadcast(by[byAt + k + 7 * plane]), a7);
            a8 = a.fma(broadcast(by[byAt + k + 8 * plane]), a8);
            a9 = a.fma(broadcast(by[byAt + k + 9 * plane]), a9);
            a10 = a.fma(broadcast(by[byAt + k + 10 * plane]), a10);
            a11 = a.fma(broadcast(by[byAt + k + 11 * plane]), a11);
            a12 = a.fma(broadcast(by[byAt + k + 12 * plane]), a12);
            a13 = a.fma(broadcast(by[byAt + k + 13 * plane]), a13);
            a14 = a.fma(broadcast(by[byAt + k + 14 * plane]), a14);
            a15 = a.fma(broadcast(by[byAt + k + 15 * plane]), a15);
        }
        a0.intoArray(sums, sumsAt);
        a1.intoArray(sums, sumsAt + LANES);
        a2.intoArray(sums, sumsAt + 2 * LANES);
        a3.intoArray(sums, sumsAt + 3 * LANES);
        a4.intoArray(sums, sumsAt + 4 * LANES);
        a5.intoArray(sums, sumsAt + 5 * LANES);
        a6.intoArray(sums, sumsAt + 6 * LANES);
        a7.intoArray(sums, sumsAt + 7 * LANES);
        a8.intoArray(sums, sumsAt + 8 * LANES);
        a9.intoArray(sums, sumsAt + 9 * LANES);
        a10.intoArray(sums, sumsAt + 10 * LANES);
        a11.intoArray(sums, sumsAt + 11 * LANES);
        a12.intoArray(sums, sumsAt + 12 * LANES);
        a13.intoArray(sums, sumsAt + 13 * LANES);
        a14.intoArray(sums, sumsAt + 14 * LANES);
        a15.intoArray(sums, sumsAt + 15 * LANES);
    }

    private static FloatVector load(float[] from, int at) {
        return FloatVector.fromArray(SPECIES, from, at);
    }

    private static FloatVector broadcast(float value) {
        return FloatVector.broadcast(SPECIES, value);
    }
}
