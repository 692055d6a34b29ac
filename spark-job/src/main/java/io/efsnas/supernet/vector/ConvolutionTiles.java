package io.efsnas.supernet.vector;

import static io.efsnas.supernet.vector.Groups.LANES;
import static io.efsnas.supernet.vector.Groups.PIXELS;
import static io.efsnas.supernet.vector.Groups.SPECIES;
import static io.efsnas.supernet.vector.Groups.VECTOR;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import jdk.incubator.vector.FloatVector;

/**
 * The innermost loops of convolutions: a few output values of 16 images, held in registers, gather a run of inputs.
 *
 * <p>For {@code o} below the tile's height: {@code out[o][lane] = start[o][lane] + sum over k of in[k][lane] * weights[k][o]},
 * where {@code start} may be {@code out} itself. Each tile height is a method with one loop because C2 keeps vectors in
 * registers only as local variables of a single loop.
 *
 * <p>A loop works on two vectors, so that each weight that is loaded is used twice. Two vectors of 8 floats are one pixel;
 * two of 16 floats are two pixels, of which the second lies {@code inNext} values behind the first one, and its outputs, as
 * its start, {@code outNext} behind those of the first. Where there is no second pixel both are 0: the first one is then
 * computed twice. In which order a lane adds, and so its bits, depends on neither width nor height.
 */
final class ConvolutionTiles {

    /** As high as registers allow: AVX-512 has 32 of them, AVX2 has 16. */
    private static final int MAX_HEIGHT = PIXELS == 2 ? 8 : 6;

    /** By the number of outputs. Kernels ask for them all the time. */
    private static final Map<Integer, int[]> HEIGHTS = new ConcurrentHashMap<>();

    private ConvolutionTiles() {}

    /**
     * Cuts outputs into tiles of at most {@link #MAX_HEIGHT}, as even as can be, since a higher tile uses each loaded input
     * more often.
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
            int inNext,
            int inputs,
            float[] weights,
            int weightsAt,
            float[] start,
            int startAt,
            float[] out,
            int outAt,
            int outNext) {
        int inSecond = PIXELS == 2 ? inNext : VECTOR;
        int outSecond = PIXELS == 2 ? outNext : VECTOR;
        switch (height) {
            case 1 -> sum1(in, inAt, inSecond, inputs, weights, weightsAt, start, startAt, out, outAt, outSecond);
            case 2 -> sum2(in, inAt, inSecond, inputs, weights, weightsAt, start, startAt, out, outAt, outSecond);
            case 3 -> sum3(in, inAt, inSecond, inputs, weights, weightsAt, start, startAt, out, outAt, outSecond);
            case 4 -> sum4(in, inAt, inSecond, inputs, weights, weightsAt, start, startAt, out, outAt, outSecond);
            case 5 -> sum5(in, inAt, inSecond, inputs, weights, weightsAt, start, startAt, out, outAt, outSecond);
            case 6 -> sum6(in, inAt, inSecond, inputs, weights, weightsAt, start, startAt, out, outAt, outSecond);
            case 7 -> sum7(in, inAt, inSecond, inputs, weights, weightsAt, start, startAt, out, outAt, outSecond);
            case 8 -> sum8(in, inAt, inSecond, inputs, weights, weightsAt, start, startAt, out, outAt, outSecond);
            default -> throw new IllegalArgumentException("no tile is " + height + " high");
        }
    }

    private static void sum1(
            float[] in,
            int inAt,
            int inNext,
            int inputs,
            float[] weights,
            int weightsAt,
            float[] start,
            int startAt,
            float[] out,
            int outAt,
            int outNext) {
        FloatVector a0 = load(start, startAt);
        FloatVector b0 = load(start, startAt + outNext);
        for (int k = 0; k < inputs; k++) {
            FloatVector a = load(in, inAt + k * LANES);
            FloatVector b = load(in, inAt + inNext + k * LANES);
            FloatVector w0 = broadcast(weights[weightsAt + k]);
            a0 = a.fma(w0, a0);
            b0 = b.fma(w0, b0);
        }
        a0.intoArray(out, outAt);
        b0.intoArray(out, outAt + outNext);
    }

    private static void sum2(
            float[] in,
            int inAt,
            int inNext,
            int inputs,
            float[] weights,
            int weightsAt,
            float[] start,
            int startAt,
            float[] out,
            int outAt,
            int outNext) {
        FloatVector a0 = load(start, startAt);
        FloatVector b0 = load(start, startAt + outNext);
        FloatVector a1 = load(start, startAt + 1 * LANES);
        FloatVector b1 = load(start, startAt + outNext + 1 * LANES);
        for (int k = 0; k < inputs; k++) {
            FloatVector a = load(in, inAt + k * LANES);
            FloatVector b = load(in, inAt + inNext + k * LANES);
            FloatVector w0 = broadcast(weights[weightsAt + k * 2]);
            a0 = a.fma(w0, a0);
            b0 = b.fma(w0, b0);
            FloatVector w1 = broadcast(weights[weightsAt + k * 2 + 1]);
            a1 = a.fma(w1, a1);
            b1 = b.fma(w1, b1);
        }
        a0.intoArray(out, outAt);
        b0.intoArray(out, outAt + outNext);
        a1.intoArray(out, outAt + 1 * LANES);
        b1.intoArray(out, outAt + outNext + 1 * LANES);
    }

    private static void sum3(
            float[] in,
            int inAt,
            int inNext,
            int inputs,
            float[] weights,
            int weightsAt,
            float[] start,
            int startAt,
            float[] out,
            int outAt,
            int outNext) {
        FloatVector a0 = load(start, startAt);
        FloatVector b0 = load(start, startAt + outNext);
        FloatVector a1 = load(start, startAt + 1 * LANES);
        FloatVector b1 = load(start, startAt + outNext + 1 * LANES);
        FloatVector a2 = load(start, startAt + 2 * LANES);
        FloatVector b2 = load(start, startAt + outNext + 2 * LANES);
        for (int k = 0; k < inputs; k++) {
            FloatVector a = load(in, inAt + k * LANES);
            FloatVector b = load(in, inAt + inNext + k * LANES);
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
        b0.intoArray(out, outAt + outNext);
        a1.intoArray(out, outAt + 1 * LANES);
        b1.intoArray(out, outAt + outNext + 1 * LANES);
        a2.intoArray(out, outAt + 2 * LANES);
        b2.intoArray(out, outAt + outNext + 2 * LANES);
    }

    private static void sum4(
            float[] in,
            int inAt,
            int inNext,
            int inputs,
            float[] weights,
            int weightsAt,
            float[] start,
            int startAt,
            float[] out,
            int outAt,
            int outNext) {
        FloatVector a0 = load(start, startAt);
        FloatVector b0 = load(start, startAt + outNext);
        FloatVector a1 = load(start, startAt + 1 * LANES);
        FloatVector b1 = load(start, startAt + outNext + 1 * LANES);
        FloatVector a2 = load(start, startAt + 2 * LANES);
        FloatVector b2 = load(start, startAt + outNext + 2 * LANES);
        FloatVector a3 = load(start, startAt + 3 * LANES);
        FloatVector b3 = load(start, startAt + outNext + 3 * LANES);
        for (int k = 0; k < inputs; k++) {
            FloatVector a = load(in, inAt + k * LANES);
            FloatVector b = load(in, inAt + inNext + k * LANES);
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
        b0.intoArray(out, outAt + outNext);
        a1.intoArray(out, outAt + 1 * LANES);
        b1.intoArray(out, outAt + outNext + 1 * LANES);
        a2.intoArray(out, outAt + 2 * LANES);
        b2.intoArray(out, outAt + outNext + 2 * LANES);
        a3.intoArray(out, outAt + 3 * LANES);
        b3.intoArray(out, outAt + outNext + 3 * LANES);
    }

    private static void sum5(
            float[] in,
            int inAt,
            int inNext,
            int inputs,
            float[] weights,
            int weightsAt,
            float[] start,
            int startAt,
            float[] out,
            int outAt,
            int outNext) {
        FloatVector a0 = load(start, startAt);
        FloatVector b0 = load(start, startAt + outNext);
        FloatVector a1 = load(start, startAt + 1 * LANES);
        FloatVector b1 = load(start, startAt + outNext + 1 * LANES);
        FloatVector a2 = load(start, startAt + 2 * LANES);
        FloatVector b2 = load(start, startAt + outNext + 2 * LANES);
        FloatVector a3 = load(start, startAt + 3 * LANES);
        FloatVector b3 = load(start, startAt + outNext + 3 * LANES);
        FloatVector a4 = load(start, startAt + 4 * LANES);
        FloatVector b4 = load(start, startAt + outNext + 4 * LANES);
        for (int k = 0; k < inputs; k++) {
            FloatVector a = load(in, inAt + k * LANES);
            FloatVector b = load(in, inAt + inNext + k * LANES);
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
        b0.intoArray(out, outAt + outNext);
        a1.intoArray(out, outAt + 1 * LANES);
        b1.intoArray(out, outAt + outNext + 1 * LANES);
        a2.intoArray(out, outAt + 2 * LANES);
        b2.intoArray(out, outAt + outNext + 2 * LANES);
        a3.intoArray(out, outAt + 3 * LANES);
        b3.intoArray(out, outAt + outNext + 3 * LANES);
        a4.intoArray(out, outAt + 4 * LANES);
        b4.intoArray(out, outAt + outNext + 4 * LANES);
    }

    private static void sum6(
            float[] in,
            int inAt,
            int inNext,
            int inputs,
            float[] weights,
            int weightsAt,
            float[] start,
            int startAt,
            float[] out,
            int outAt,
            int outNext) {
        FloatVector a0 = load(start, startAt);
        FloatVector b0 = load(start, startAt + outNext);
        FloatVector a1 = load(start, startAt + 1 * LANES);
        FloatVector b1 = load(start, startAt + outNext + 1 * LANES);
        FloatVector a2 = load(start, startAt + 2 * LANES);
        FloatVector b2 = load(start, startAt + outNext + 2 * LANES);
        FloatVector a3 = load(start, startAt + 3 * LANES);
        FloatVector b3 = load(start, startAt + outNext + 3 * LANES);
        FloatVector a4 = load(start, startAt + 4 * LANES);
        FloatVector b4 = load(start, startAt + outNext + 4 * LANES);
        FloatVector a5 = load(start, startAt + 5 * LANES);
        FloatVector b5 = load(start, startAt + outNext + 5 * LANES);
        for (int k = 0; k < inputs; k++) {
            FloatVector a = load(in, inAt + k * LANES);
            FloatVector b = load(in, inAt + inNext + k * LANES);
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
        b0.intoArray(out, outAt + outNext);
        a1.intoArray(out, outAt + 1 * LANES);
        b1.intoArray(out, outAt + outNext + 1 * LANES);
        a2.intoArray(out, outAt + 2 * LANES);
        b2.intoArray(out, outAt + outNext + 2 * LANES);
        a3.intoArray(out, outAt + 3 * LANES);
        b3.intoArray(out, outAt + outNext + 3 * LANES);
        a4.intoArray(out, outAt + 4 * LANES);
        b4.intoArray(out, outAt + outNext + 4 * LANES);
        a5.intoArray(out, outAt + 5 * LANES);
        b5.intoArray(out, outAt + outNext + 5 * LANES);
    }

    private static void sum7(
            float[] in,
            int inAt,
            int inNext,
            int inputs,
            float[] weights,
            int weightsAt,
            float[] start,
            int startAt,
            float[] out,
            int outAt,
            int outNext) {
        FloatVector a0 = load(start, startAt);
        FloatVector b0 = load(start, startAt + outNext);
        FloatVector a1 = load(start, startAt + 1 * LANES);
        FloatVector b1 = load(start, startAt + outNext + 1 * LANES);
        FloatVector a2 = load(start, startAt + 2 * LANES);
        FloatVector b2 = load(start, startAt + outNext + 2 * LANES);
        FloatVector a3 = load(start, startAt + 3 * LANES);
        FloatVector b3 = load(start, startAt + outNext + 3 * LANES);
        FloatVector a4 = load(start, startAt + 4 * LANES);
        FloatVector b4 = load(start, startAt + outNext + 4 * LANES);
        FloatVector a5 = load(start, startAt + 5 * LANES);
        FloatVector b5 = load(start, startAt + outNext + 5 * LANES);
        FloatVector a6 = load(start, startAt + 6 * LANES);
        FloatVector b6 = load(start, startAt + outNext + 6 * LANES);
        for (int k = 0; k < inputs; k++) {
            FloatVector a = load(in, inAt + k * LANES);
            FloatVector b = load(in, inAt + inNext + k * LANES);
            FloatVector w0 = broadcast(weights[weightsAt + k * 7]);
            a0 = a.fma(w0, a0);
            b0 = b.fma(w0, b0);
            FloatVector w1 = broadcast(weights[weightsAt + k * 7 + 1]);
            a1 = a.fma(w1, a1);
            b1 = b.fma(w1, b1);
            FloatVector w2 = broadcast(weights[weightsAt + k * 7 + 2]);
            a2 = a.fma(w2, a2);
            b2 = b.fma(w2, b2);
            FloatVector w3 = broadcast(weights[weightsAt + k * 7 + 3]);
            a3 = a.fma(w3, a3);
            b3 = b.fma(w3, b3);
            FloatVector w4 = broadcast(weights[weightsAt + k * 7 + 4]);
            a4 = a.fma(w4, a4);
            b4 = b.fma(w4, b4);
            FloatVector w5 = broadcast(weights[weightsAt + k * 7 + 5]);
            a5 = a.fma(w5, a5);
            b5 = b.fma(w5, b5);
            FloatVector w6 = broadcast(weights[weightsAt + k * 7 + 6]);
            a6 = a.fma(w6, a6);
            b6 = b.fma(w6, b6);
        }
        a0.intoArray(out, outAt);
        b0.intoArray(out, outAt + outNext);
        a1.intoArray(out, outAt + 1 * LANES);
        b1.intoArray(out, outAt + outNext + 1 * LANES);
        a2.intoArray(out, outAt + 2 * LANES);
        b2.intoArray(out, outAt + outNext + 2 * LANES);
        a3.intoArray(out, outAt + 3 * LANES);
        b3.intoArray(out, outAt + outNext + 3 * LANES);
        a4.intoArray(out, outAt + 4 * LANES);
        b4.intoArray(out, outAt + outNext + 4 * LANES);
        a5.intoArray(out, outAt + 5 * LANES);
        b5.intoArray(out, outAt + outNext + 5 * LANES);
        a6.intoArray(out, outAt + 6 * LANES);
        b6.intoArray(out, outAt + outNext + 6 * LANES);
    }

    private static void sum8(
            float[] in,
            int inAt,
            int inNext,
            int inputs,
            float[] weights,
            int weightsAt,
            float[] start,
            int startAt,
            float[] out,
            int outAt,
            int outNext) {
        FloatVector a0 = load(start, startAt);
        FloatVector b0 = load(start, startAt + outNext);
        FloatVector a1 = load(start, startAt + 1 * LANES);
        FloatVector b1 = load(start, startAt + outNext + 1 * LANES);
        FloatVector a2 = load(start, startAt + 2 * LANES);
        FloatVector b2 = load(start, startAt + outNext + 2 * LANES);
        FloatVector a3 = load(start, startAt + 3 * LANES);
        FloatVector b3 = load(start, startAt + outNext + 3 * LANES);
        FloatVector a4 = load(start, startAt + 4 * LANES);
        FloatVector b4 = load(start, startAt + outNext + 4 * LANES);
        FloatVector a5 = load(start, startAt + 5 * LANES);
        FloatVector b5 = load(start, startAt + outNext + 5 * LANES);
        FloatVector a6 = load(start, startAt + 6 * LANES);
        FloatVector b6 = load(start, startAt + outNext + 6 * LANES);
        FloatVector a7 = load(start, startAt + 7 * LANES);
        FloatVector b7 = load(start, startAt + outNext + 7 * LANES);
        for (int k = 0; k < inputs; k++) {
            FloatVector a = load(in, inAt + k * LANES);
            FloatVector b = load(in, inAt + inNext + k * LANES);
            FloatVector w0 = broadcast(weights[weightsAt + k * 8]);
            a0 = a.fma(w0, a0);
            b0 = b.fma(w0, b0);
            FloatVector w1 = broadcast(weights[weightsAt + k * 8 + 1]);
            a1 = a.fma(w1, a1);
            b1 = b.fma(w1, b1);
            FloatVector w2 = broadcast(weights[weightsAt + k * 8 + 2]);
            a2 = a.fma(w2, a2);
            b2 = b.fma(w2, b2);
            FloatVector w3 = broadcast(weights[weightsAt + k * 8 + 3]);
            a3 = a.fma(w3, a3);
            b3 = b.fma(w3, b3);
            FloatVector w4 = broadcast(weights[weightsAt + k * 8 + 4]);
            a4 = a.fma(w4, a4);
            b4 = b.fma(w4, b4);
            FloatVector w5 = broadcast(weights[weightsAt + k * 8 + 5]);
            a5 = a.fma(w5, a5);
            b5 = b.fma(w5, b5);
            FloatVector w6 = broadcast(weights[weightsAt + k * 8 + 6]);
            a6 = a.fma(w6, a6);
            b6 = b.fma(w6, b6);
            FloatVector w7 = broadcast(weights[weightsAt + k * 8 + 7]);
            a7 = a.fma(w7, a7);
            b7 = b.fma(w7, b7);
        }
        a0.intoArray(out, outAt);
        b0.intoArray(out, outAt + outNext);
        a1.intoArray(out, outAt + 1 * LANES);
        b1.intoArray(out, outAt + outNext + 1 * LANES);
        a2.intoArray(out, outAt + 2 * LANES);
        b2.intoArray(out, outAt + outNext + 2 * LANES);
        a3.intoArray(out, outAt + 3 * LANES);
        b3.intoArray(out, outAt + outNext + 3 * LANES);
        a4.intoArray(out, outAt + 4 * LANES);
        b4.intoArray(out, outAt + outNext + 4 * LANES);
        a5.intoArray(out, outAt + 5 * LANES);
        b5.intoArray(out, outAt + outNext + 5 * LANES);
        a6.intoArray(out, outAt + 6 * LANES);
        b6.intoArray(out, outAt + outNext + 6 * LANES);
        a7.intoArray(out, outAt + 7 * LANES);
        b7.intoArray(out, outAt + outNext + 7 * LANES);
    }

    private static FloatVector load(float[] from, int at) {
        return FloatVector.fromArray(SPECIES, from, at);
    }

    private static FloatVector broadcast(float value) {
        return FloatVector.broadcast(SPECIES, value);
    }
}
