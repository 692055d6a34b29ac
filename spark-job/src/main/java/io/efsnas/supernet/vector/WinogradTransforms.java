package io.efsnas.supernet.vector;

import static io.efsnas.supernet.vector.Groups.LANES;
import static io.efsnas.supernet.vector.Groups.SPECIES;
import static io.efsnas.supernet.vector.Groups.VECTOR;

import jdk.incubator.vector.FloatVector;

/**
 * The transforms of F(4x4, 3x3), minimal filtering of Lavin and Gray, <i>Fast Algorithms for Convolutional Neural
 * Networks</i> (CVPR 2016): with a tile d of 6x6 inputs and a kernel g, the 4x4 outputs are A'[(G g G') * (B' d B)]A, with
 * 36 multiplications for each pair of channels where the definition has 144.
 *
 * <p>The matrices interpolate polynomials at 0, a, -a, b, -b and infinity. With a = 3/4 and b = 3/2 a convolution's error in
 * float32 is about twice that of the definition; with the usual 1 and 2 it is more than five times as large. Their powers
 * and those of their products that occur here are exact in float32.
 *
 * <p>Each method applies one matrix along one dimension: input k of a value lies {@code next} values behind input k - 1,
 * output k {@code toNext} behind output k - 1, and {@code length} neighbouring values, a multiple of {@link Groups#LANES},
 * are worked on alike.
 *
 * <p>C2 takes methods of up to 325 bytecodes into their callers. Past a number of nodes that cannot be set it stops, and makes
 * an object of every vector of the loop that it is at. The two methods that convolutions call in several places, {@link
 * #inputs} and {@link #outputs}, are longer than that and stay by themselves; the others are called from few places.
 */
final class WinogradTransforms {

    /** Rows and columns of a tile of outputs. */
    static final int OUTPUTS = 4;

    /** Rows and columns of a tile of inputs, and of what is multiplied. */
    static final int SIDE = 6;

    /**
     * Runs that are read or written at the same time lie this much more than their length apart, a cache line: at multiples
     * of 4 KiB they would take the same few places of the first-level cache.
     */
    static final int PAD = LANES;

    private static final float A = 0.75f;
    private static final float B = 1.5f;
    private static final float A2 = A * A;
    private static final float B2 = B * B;

    /** The weights of the interpolation at 0, at a and -a, and at b and -b. */
    private static final float AT_0 = 1 / (A2 * B2);

    private static final float AT_A = 1 / (2 * A2 * (A2 - B2));
    private static final float AT_B = 1 / (2 * B2 * (B2 - A2));

    private WinogradTransforms() {}

    /** How many tiles of outputs cover a row or a column. */
    static int tiles(int length) {
        return (length + OUTPUTS - 1) / OUTPUTS;
    }

    /**
     * B': six inputs to six values.
     *
     * @param first the input that comes first, of six places that are filled in turn
     */
    static void inputs(float[] x, int at, int next, int first, int length, float[] y, int to, int toNext) {
        int at0 = at + first * next;
        int at1 = at + (first + 1) % SIDE * next;
        int at2 = at + (first + 2) % SIDE * next;
        int at3 = at + (first + 3) % SIDE * next;
        int at4 = at + (first + 4) % SIDE * next;
        int at5 = at + (first + 5) % SIDE * next;
        FloatVector a = broadcast(A);
        FloatVector minusA = broadcast(-A);
        FloatVector b = broadcast(B);
        FloatVector minusB = broadcast(-B);
        FloatVector minusA2 = broadcast(-A2);
        FloatVector minusB2 = broadcast(-B2);
        FloatVector product = broadcast(A2 * B2);
        FloatVector minusSum = broadcast(-A2 - B2);
        for (int i = 0; i < length; i += VECTOR) {
            FloatVector d1 = load(x, at1 + i);
            FloatVector d2 = load(x, at2 + i);
            FloatVector d3 = load(x, at3 + i);
            FloatVector d4 = load(x, at4 + i);
            load(x, at0 + i).fma(product, d2.fma(minusSum, d4)).intoArray(y, to + i);
            FloatVector even = d2.fma(minusB2, d4);
            FloatVector odd = d1.fma(minusB2, d3);
            odd.fma(a, even).intoArray(y, to + toNext + i);
            odd.fma(minusA, even).intoArray(y, to + 2 * toNext + i);
            FloatVector otherEven = d2.fma(minusA2, d4);
            FloatVector otherOdd = d1.fma(minusA2, d3);
            otherOdd.fma(b, otherEven).intoArray(y, to + 3 * toNext + i);
            otherOdd.fma(minusB, otherEven).intoArray(y, to + 4 * toNext + i);
            d1.fma(product, d3.fma(minusSum, load(x, at5 + i))).intoArray(y, to + 5 * toNext + i);
        }
    }

    /** A': six products to four outputs, or to what is added to them. */
    static void outputs(float[] m, int at, int next, int length, float[] y, int to, int toNext, boolean add) {
        FloatVector a = broadcast(A);
        FloatVector b = broadcast(B);
        FloatVector a2 = broadcast(A2);
        FloatVector b2 = broadcast(B2);
        FloatVector a3 = broadcast(A * A2);
        FloatVector b3 = broadcast(B * B2);
        for (int i = 0; i < length; i += VECTOR) {
            FloatVector m1 = load(m, at + next + i);
            FloatVector m2 = load(m, at + 2 * next + i);
            FloatVector m3 = load(m, at + 3 * next + i);
            FloatVector m4 = load(m, at + 4 * next + i);
            FloatVector even = m1.add(m2);
            FloatVector odd = m1.sub(m2);
            FloatVector otherEven = m3.add(m4);
            FloatVector otherOdd = m3.sub(m4);
            FloatVector y0 = load(m, at + i).add(even.add(otherEven));
            FloatVector y1 = odd.fma(a, otherOdd.mul(b));
            FloatVector y2 = even.fma(a2, otherEven.mul(b2));
            FloatVector y3 = odd.fma(a3, otherOdd.fma(b3, load(m, at + 5 * next + i)));
            if (add) {
                y0 = y0.add(load(y, to + i));
                y1 = y1.add(load(y, to + toNext + i));
                y2 = y2.add(load(y, to + 2 * toNext + i));
                y3 = y3.add(load(y, to + 3 * toNext + i));
            }
            y0.intoArray(y, to + i);
            y1.intoArray(y, to + toNext + i);
            y2.intoArray(y, to + 2 * toNext + i);
            y3.intoArray(y, to + 3 * toNext + i);
        }
    }

    /**
     * A: four output gradients to six values.
     *
     * @param count how many groups of {@link Groups#LANES} values are worked on alike
     * @param step from one group to the next, as {@code toStep} of the results
     */
    static void outputGradients(
            float[] dy, int at, int next, int step, int count, float[] y, int to, int toNext, int toStep) {
        FloatVector a = broadcast(A);
        FloatVector minusA = broadcast(-A);
        FloatVector b = broadcast(B);
        FloatVector minusB = broadcast(-B);
        FloatVector a2 = broadcast(A2);
        FloatVector b2 = broadcast(B2);
        for (int lane = 0; lane < LANES; lane += VECTOR) {
            for (int i = 0; i < count; i++) {
                int from = at + i * step + lane;
                int into = to + i * toStep + lane;
                FloatVector d0 = load(dy, from);
                FloatVector d1 = load(dy, from + next);
                FloatVector d2 = load(dy, from + 2 * next);
                FloatVector d3 = load(dy, from + 3 * next);
                d0.intoArray(y, into);
                FloatVector even = d2.fma(a2, d0);
                FloatVector odd = d3.fma(a2, d1);
                odd.fma(a, even).intoArray(y, into + toNext);
                odd.fma(minusA, even).intoArray(y, into + 2 * toNext);
                FloatVector otherEven = d2.fma(b2, d0);
                FloatVector otherOdd = d3.fma(b2, d1);
                otherOdd.fma(b, otherEven).intoArray(y, into + 3 * toNext);
                otherOdd.fma(minusB, otherEven).intoArray(y, into + 4 * toNext);
                d3.intoArray(y, into + 5 * toNext);
            }
        }
    }

    /** G: three weights to six values. */
    static void weights(float[] g, int at, int next, int length, float[] y, int to, int toNext) {
        FloatVector at0 = broadcast(AT_0);
        FloatVector atA = broadcast(AT_A);
        FloatVector atB = broadcast(AT_B);
        FloatVector a = broadcast(A * AT_A);
        FloatVector minusA = broadcast(-A * AT_A);
        FloatVector b = broadcast(B * AT_B);
        FloatVector minusB = broadcast(-B * AT_B);
        FloatVector a2 = broadcast(A2);
        FloatVector b2 = broadcast(B2);
        for (int i = 0; i < length; i += VECTOR) {
            FloatVector g0 = load(g, at + i);
            FloatVector g1 = load(g, at + next + i);
            FloatVector g2 = load(g, at + 2 * next + i);
            g0.mul(at0).intoArray(y, to + i);
            FloatVector even = g2.fma(a2, g0).mul(atA);
            g1.fma(a, even).intoArray(y, to + toNext + i);
            g1.fma(minusA, even).intoArray(y, to + 2 * toNext + i);
            FloatVector otherEven = g2.fma(b2, g0).mul(atB);
            g1.fma(b, otherEven).intoArray(y, to + 3 * toNext + i);
            g1.fma(minusB, otherEven).intoArray(y, to + 4 * toNext + i);
            g2.intoArray(y, to + 5 * toNext + i);
        }
    }

    /** G': six sums of products to three weight gradients. */
    static void weightGradients(float[] s, int at, int next, int length, float[] y, int to, int toNext) {
        FloatVector at0 = broadcast(AT_0);
        FloatVector atA = broadcast(AT_A);
        FloatVector atB = broadcast(AT_B);
        FloatVector a = broadcast(A * AT_A);
        FloatVector b = broadcast(B * AT_B);
        FloatVector a2 = broadcast(A2 * AT_A);
        FloatVector b2 = broadcast(B2 * AT_B);
        for (int i = 0; i < length; i += VECTOR) {
            FloatVector s1 = load(s, at + next + i);
            FloatVector s2 = load(s, at + 2 * next + i);
            FloatVector s3 = load(s, at + 3 * next + i);
            FloatVector s4 = load(s, at + 4 * next + i);
            FloatVector even = s1.add(s2);
            FloatVector otherEven = s3.add(s4);
            FloatVector first = load(s, at + i).mul(at0);
            FloatVector last = load(s, at + 5 * next + i);
            even.fma(atA, otherEven.fma(atB, first)).intoArray(y, to + i);
            s1.sub(s2).fma(a, s3.sub(s4).mul(b)).intoArray(y, to + toNext + i);
            even.fma(a2, otherEven.fma(b2, last)).intoArray(y, to + 2 * toNext + i);
        }
    }

    private static FloatVector load(float[] from, int at) {
        return FloatVector.fromArray(SPECIES, from, at);
    }

    private static FloatVector broadcast(float value) {
        return FloatVector.broadcast(SPECIES, value);
    }
}
