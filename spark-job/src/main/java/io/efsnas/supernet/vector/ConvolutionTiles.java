package io.efsnas.supernet.vector;

import static io.efsnas.supernet.vector.Groups.LANES;
import static io.efsnas.supernet.vector.Groups.SPECIES;
import static io.efsnas.supernet.vector.Groups.VECTOR;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import jdk.incubator.vector.FloatVector;

/**
 * The innermost loops of convolutions: a few output values of 16 images, held in registers, gather a run of inputs.
 *
 * <p>For {@code o} below the tile's height: {@code out[o][lane] = start[o][lane] + sum over k of in[k][lane] * weights[k][o]}, where
 * {@code start} may be {@code out} itself. Each tile
 * height is a method with one loop because C2 keeps vectors in registers only as local variables of a single loop.
 */
final class ConvolutionTiles {

    private static final int MAX_HEIGHT = 6;

    /** By the number of outputs. Kernels ask for them all the time. */
    private static final Map<Integer, int[]> HEIGHTS = new ConcurrentHashMap<>();

    private ConvolutionTiles() {}

    /**
     * Cuts outputs into tiles of at most 6, as even as can be, since a higher tile uses each loaded input more often.
     *
     * @return the array itself: it may not be changed
     */
    static int[] heights(int outputs) {
        return HEIGHTS.computeIfAbsent(outputs, ConvolutionTiles::cut);
    }

    private static int[] cut(int outputs) {
        int[] heights = new int[(outputs + MAX_HEIGHT - 1) / MAX_HEIGHT];
        for (int i = 0; i < heights.length; i++) {
            heights[i] = outputs / heights.length + (i < outputs % heights.length ? 1 : 0);
        }
        return heights;
    }

    static void sum(
            int height,
            float[] in,
            int inAt,
            int inputs,
            float[] weights,
            int weightsAt,
            float[] start,
            int startAt,
            float[] out,
            int outAt) {
        switch (height) {
            case 1 -> sum1(in, inAt, inputs, weights, weightsAt, start, startAt, out, outAt);
            case 2 -> sum2(in, inAt, inputs, weights, weightsAt, start, startAt, out, outAt);
            case 3 -> sum3(in, inAt, inputs, weights, weightsAt, start, startAt, out, outAt);
            case 4 -> sum4(in, inAt, inputs, weights, weightsAt, start, startAt, out, outAt);
            case 5 -> sum5(in, inAt, inputs, weights, weightsAt, start, startAt, out, outAt);
            case 6 -> sum6(in, inAt, inputs, weights, weightsAt, start, startAt, out, outAt);
            default -> throw new IllegalArgumentException("no tile is " + height + " high");
        }
    }

    private static void sum1(
            float[] in,
            int inAt,
            int inputs,
            float[] weights,
            int weightsAt,
            float[] start,
            int startAt,
            float[] out,
            int outAt) {
        FloatVector a0 = load(start, startAt);
        FloatVector b0 = load(start, startAt + VECTOR);
        for (int k = 0; k < inputs; k++) {
            FloatVector a = load(in, inAt + k * LANES);
            FloatVector b = load(in, inAt + k * LANES + VECTOR);
            FloatVector w0 = broadcast(weights[weightsAt + k]);
            a0 = a.fma(w0, a0);
            b0 = b.fma(w0, b0);
        }
        a0.intoArray(out, outAt);
        b0.intoArray(out, outAt + VECTOR);
    }

    private static void sum2(
            float[] in,
            int inAt,
            int inputs,
            float[] weights,
            int weightsAt,
            float[] start,
            int startAt,
            float[] out,
            int outAt) {
        FloatVector a0 = load(start, startAt);
        FloatVector b0 = load(start, startAt + VECTOR);
        FloatVector a1 = load(start, startAt + 1 * LANES);
        FloatVector b1 = load(start, startAt + 1 * LANES + VECTOR);
        for (int k = 0; k < inputs; k++) {
            FloatVector a = load(in, inAt + k * LANES);
            FloatVector b = load(in, inAt + k * LANES + VECTOR);
            FloatVector w0 = broadcast(weights[weightsAt + k * 2]);
            a0 = a.fma(w0, a0);
            b0 = b.fma(w0, b0);
            FloatVector w1 = broadcast(weights[weightsAt + k * 2 + 1]);
            a1 = a.fma(w1, a1);
            b1 = b.fma(w1, b1);
        }
        a0.intoArray(out, outAt);
        b0.intoArray(out, outAt + VECTOR);
        a1.intoArray(out, outAt + 1 * LANES);
        b1.intoArray(out, outAt + 1 * LANES + VECTOR);
    }

    private static void sum3(
            float[] in,
            int inAt,
            int inputs,
            float[] weights,
            int weightsAt,
            float[] start,
            int startAt,
            float[] out,
            int outAt) {
        FloatVector a0 = load(start, startAt);
        FloatVector b0 = load(start, startAt + VECTOR);
        FloatVector a1 = load(start, startAt + 1 * LANES);
        FloatVector b1 = load(start, startAt + 1 * LANES + VECTOR);
        FloatVector a2 = load(start, startAt + 2 * LANES);
        FloatVector b2 = load(start, startAt + 2 * LANES + VECTOR);
        for (int k = 0; k < inputs; k++) {
            FloatVector a = load(in, inAt + k * LANES);
            FloatVector b = load(in, inAt + k * LANES + VECTOR);
            FloatVector w0 = broadcast(weights[weightsAt + k * 3]);
            a0 = a.fma(w0, a0);
            b0 = b.fma(w0, b0);
            FloatVector w1 = broadcast(weights[weightsAt + k * 3 + 1]);
            a1 = a.fma(w1, a1);
            b1 = b.fma(w1, b1);
            FloatVector w2 = broadcast(weights[weightsAt + k * 3 + 2]);
            a2 = a.fma(w2, a2);
            b2 = b.fma(w2, b2);
        }
        a0.intoArray(out, outAt);
        b0.intoArray(out, outAt + VECTOR);
        a1.intoArray(out, outAt + 1 * LANES);
        b1.intoArray(out, outAt + 1 * LANES + VECTOR);
        a2.intoArray(out, outAt + 2 * LANES);
        b2.intoArray(out, outAt + 2 * LANES + VECTOR);
    }

    private static void sum4(
            float[] in,
            int inAt,
            int inputs,
            float[] weights,
            int weightsAt,
            float[] start,
            int startAt,
            float[] out,
            int outAt) {
        FloatVector a0 = load(start, startAt);
        FloatVector b0 = load(start, startAt + VECTOR);
        FloatVector a1 = load(start, startAt + 1 * LANES);
        FloatVector b1 = load(start, startAt + 1 * LANES + VECTOR);
        FloatVector a2 = load(start, startAt + 2 * LANES);
        FloatVector b2 = load(start, startAt + 2 * LANES + VECTOR);
        FloatVector a3 = load(start, startAt + 3 * LANES);
        FloatVector b3 = load(start, startAt + 3 * LANES + VECTOR);
        for (int k = 0; k < inputs; k++) {
            FloatVector a = load(in, inAt + k * LANES);
            FloatVector b = load(in, inAt + k * LANES + VECTOR);
            FloatVector w0 = broadcast(weights[weightsAt + k * 4]);
            a0 = a.fma(w0, a0);
            b0 = b.fma(w0, b0);
            FloatVector w1 = broadcast(weights[weightsAt + k * 4 + 1]);
            a1 = a.fma(w1, a1);
            b1 = b.fma(w1, b1);
            FloatVector w2 = broadcast(weights[weightsAt + k * 4 + 2]);
            a2 = a.fma(w2, a2);
            b2 = b.fma(w2, b2);
            FloatVector w3 = broadcast(weights[weightsAt + k * 4 + 3]);
            a3 = a.fma(w3, a3);
            b3 = b.fma(w3, b3);
        }
        a0.intoArray(out, outAt);
        b0.intoArray(out, outAt + VECTOR);
        a1.intoArray(out, outAt + 1 * LANES);
        b1.intoArray(out, outAt + 1 * LANES + VECTOR);
        a2.intoArray(out, outAt + 2 * LANES);
        b2.intoArray(out, outAt + 2 * LANES + VECTOR);
        a3.intoArray(out, outAt + 3 * LANES);
        b3.intoArray(out, outAt + 3 * LANES + VECTOR);
    }

    private static void sum5(
            float[] in,
            int inAt,
            int inputs,
            float[] weights,
            int weightsAt,
            float[] start,
            int startAt,
            float[] out,
            int outAt) {
        FloatVector a0 = load(start, startAt);
        FloatVector b0 = load(start, startAt + VECTOR);
        FloatVector a1 = load(start, startAt + 1 * LANES);
        FloatVector b1 = load(start, startAt + 1 * LANES + VECTOR);
        FloatVector a2 = load(start, startAt + 2 * LANES);
        FloatVector b2 = load(start, startAt + 2 * LANES + VECTOR);
        FloatVector a3 = load(start, startAt + 3 * LANES);
        FloatVector b3 = load(start, startAt + 3 * LANES + VECTOR);
        FloatVector a4 = load(start, startAt + 4 * LANES);
        FloatVector b4 = load(start, startAt + 4 * LANES + VECTOR);
        for (int k = 0; k < inputs; k++) {
            FloatVector a = load(in, inAt + k * LANES);
            FloatVector b = load(in, inAt + k * LANES + VECTOR);
            FloatVector w0 = broadcast(weights[weightsAt + k * 5]);
            a0 = a.fma(w0, a0);
            b0 = b.fma(w0, b0);
            FloatVector w1 = broadcast(weights[weightsAt + k * 5 + 1]);
            a1 = a.fma(w1, a1);
            b1 = b.fma(w1, b1);
            FloatVector w2 = broadcast(weights[weightsAt + k * 5 + 2]);
            a2 = a.fma(w2, a2);
            b2 = b.fma(w2, b2);
            FloatVector w3 = broadcast(weights[weightsAt + k * 5 + 3]);
            a3 = a.fma(w3, a3);
            b3 = b.fma(w3, b3);
            FloatVector w4 = broadcast(weights[weightsAt + k * 5 + 4]);
            a4 = a.fma(w4, a4);
            b4 = b.fma(w4, b4);
        }
        a0.intoArray(out, outAt);
        b0.intoArray(out, outAt + VECTOR);
        a1.intoArray(out, outAt + 1 * LANES);
        b1.intoArray(out, outAt + 1 * LANES + VECTOR);
        a2.intoArray(out, outAt + 2 * LANES);
        b2.intoArray(out, outAt + 2 * LANES + VECTOR);
        a3.intoArray(out, outAt + 3 * LANES);
        b3.intoArray(out, outAt + 3 * LANES + VECTOR);
        a4.intoArray(out, outAt + 4 * LANES);
        b4.intoArray(out, outAt + 4 * LANES + VECTOR);
    }

    private static void sum6(
            float[] in,
            int inAt,
            int inputs,
            float[] weights,
            int weightsAt,
            float[] start,
            int startAt,
            float[] out,
            int outAt) {
        FloatVector a0 = load(start, startAt);
        FloatVector b0 = load(start, startAt + VECTOR);
        FloatVector a1 = load(start, startAt + 1 * LANES);
        FloatVector b1 = load(start, startAt + 1 * LANES + VECTOR);
        FloatVector a2 = load(start, startAt + 2 * LANES);
        FloatVector b2 = load(start, startAt + 2 * LANES + VECTOR);
        FloatVector a3 = load(start, startAt + 3 * LANES);
        FloatVector b3 = load(start, startAt + 3 * LANES + VECTOR);
        FloatVector a4 = load(start, startAt + 4 * LANES);
        FloatVector b4 = load(start, startAt + 4 * LANES + VECTOR);
        FloatVector a5 = load(start, startAt + 5 * LANES);
        FloatVector b5 = load(start, startAt + 5 * LANES + VECTOR);
        for (int k = 0; k < inputs; k++) {
            FloatVector a = load(in, inAt + k * LANES);
            FloatVector b = load(in, inAt + k * LANES + VECTOR);
            FloatVector w0 = broadcast(weights[weightsAt + k * 6]);
            a0 = a.fma(w0, a0);
            b0 = b.fma(w0, b0);
            FloatVector w1 = broadcast(weights[weightsAt + k * 6 + 1]);
            a1 = a.fma(w1, a1);
            b1 = b.fma(w1, b1);
            FloatVector w2 = broadcast(weights[weightsAt + k * 6 + 2]);
            a2 = a.fma(w2, a2);
            b2 = b.fma(w2, b2);
            FloatVector w3 = broadcast(weights[weightsAt + k * 6 + 3]);
            a3 = a.fma(w3, a3);
            b3 = b.fma(w3, b3);
            FloatVector w4 = broadcast(weights[weightsAt + k * 6 + 4]);
            a4 = a.fma(w4, a4);
            b4 = b.fma(w4, b4);
            FloatVector w5 = broadcast(weights[weightsAt + k * 6 + 5]);
            a5 = a.fma(w5, a5);
            b5 = b.fma(w5, b5);
        }
        a0.intoArray(out, outAt);
        b0.intoArray(out, outAt + VECTOR);
        a1.intoArray(out, outAt + 1 * LANES);
        b1.intoArray(out, outAt + 1 * LANES + VECTOR);
        a2.intoArray(out, outAt + 2 * LANES);
        b2.intoArray(out, outAt + 2 * LANES + VECTOR);
        a3.intoArray(out, outAt + 3 * LANES);
        b3.intoArray(out, outAt + 3 * LANES + VECTOR);
        a4.intoArray(out, outAt + 4 * LANES);
        b4.intoArray(out, outAt + 4 * LANES + VECTOR);
        a5.intoArray(out, outAt + 5 * LANES);
        b5.intoArray(out, outAt + 5 * LANES + VECTOR);
    }

    private static FloatVector load(float[] from, int at) {
        return FloatVector.fromArray(SPECIES, from, at);
    }

    private static FloatVector broadcast(float value) {
        return FloatVector.broadcast(SPECIES, value);
    }
}
