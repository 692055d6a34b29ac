package io.efsnas.supernet.vector;

import static io.efsnas.supernet.vector.Groups.SPECIES;
import static io.efsnas.supernet.vector.Groups.VECTOR;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/** Loops over runs of values; lengths are multiples of 8. */
final class Elementwise {

    private Elementwise() {}

    static void relu(float[] x, float[] y, int at, int length) {
        FloatVector zero = FloatVector.zero(SPECIES);
        for (int i = at; i < at + length; i += VECTOR) {
            load(x, i).max(zero).intoArray(y, i);
        }
    }

    static void reluGradient(float[] y, float[] dy, float[] dx, int at, int length) {
        FloatVector zero = FloatVector.zero(SPECIES);
        for (int i = at; i < at + length; i += VECTOR) {
            VectorMask<Float> open = load(y, i).compare(VectorOperators.GT, zero);
            zero.blend(load(dy, i), open).intoArray(dx, i);
        }
    }

    static void addReluGradient(float[] y, float[] dy, float[] dx, int at, int length) {
        FloatVector zero = FloatVector.zero(SPECIES);
        for (int i = at; i < at + length; i += VECTOR) {
            VectorMask<Float> open = load(y, i).compare(VectorOperators.GT, zero);
            load(dx, i).add(zero.blend(load(dy, i), open)).intoArray(dx, i);
        }
    }

    static void relu6(float[] x, float[] y, int at, int length) {
        FloatVector zero = FloatVector.zero(SPECIES);
        FloatVector six = FloatVector.broadcast(SPECIES, 6);
        for (int i = at; i < at + length; i += VECTOR) {
            load(x, i).max(zero).min(six).intoArray(y, i);
        }
    }

    static void relu6Gradient(float[] y, float[] dy, float[] dx, int at, int length) {
        FloatVector zero = FloatVector.zero(SPECIES);
        FloatVector six = FloatVector.broadcast(SPECIES, 6);
        for (int i = at; i < at + length; i += VECTOR) {
            FloatVector value = load(y, i);
            VectorMask<Float> open =
                    value.compare(VectorOperators.GT, zero).and(value.compare(VectorOperators.LT, six));
            zero.blend(load(dy, i), open).intoArray(dx, i);
        }
    }

    static void addRelu6Gradient(float[] y, float[] dy, float[] dx, int at, int length) {
        FloatVector zero = FloatVector.zero(SPECIES);
        FloatVector six = FloatVector.broadcast(SPECIES, 6);
        for (int i = at; i < at + length; i += VECTOR) {
            FloatVector value = load(y, i);
            VectorMask<Float> open =
                    value.compare(VectorOperators.GT, zero).and(value.compare(VectorOperators.LT, six));
            load(dx, i).add(zero.blend(load(dy, i), open)).intoArray(dx, i);
        }
    }

    static void hardSigmoid(float[] x, float[] y, int at, int length) {
        FloatVector zero = FloatVector.zero(SPECIES);
        FloatVector six = FloatVector.broadcast(SPECIES, 6);
        for (int i = at; i < at + length; i += VECTOR) {
            load(x, i).add(3).max(zero).min(six).mul(1f / 6).intoArray(y, i);
        }
    }

    static void hardSigmoidGradient(float[] y, float[] dy, float[] dx, int at, int length) {
        FloatVector zero = FloatVector.zero(SPECIES);
        FloatVector one = FloatVector.broadcast(SPECIES, 1);
        for (int i = at; i < at + length; i += VECTOR) {
            FloatVector value = load(y, i);
            VectorMask<Float> open =
                    value.compare(VectorOperators.GT, zero).and(value.compare(VectorOperators.LT, one));
            zero.blend(load(dy, i).mul(1f / 6), open).intoArray(dx, i);
        }
    }

    static void addHardSigmoidGradient(float[] y, float[] dy, float[] dx, int at, int length) {
        FloatVector zero = FloatVector.zero(SPECIES);
        FloatVector one = FloatVector.broadcast(SPECIES, 1);
        for (int i = at; i < at + length; i += VECTOR) {
            FloatVector value = load(y, i);
            VectorMask<Float> open =
                    value.compare(VectorOperators.GT, zero).and(value.compare(VectorOperators.LT, one));
            load(dx, i).add(zero.blend(load(dy, i).mul(1f / 6), open)).intoArray(dx, i);
        }
    }

    /** y[yAt..] = a[aAt..] * b[bAt..]. */
    static void product(float[] a, int aAt, float[] b, int bAt, float[] y, int yAt, int length) {
        for (int i = 0; i < length; i += VECTOR) {
            load(a, aAt + i).mul(load(b, bAt + i)).intoArray(y, yAt + i);
        }
    }

    /** y[yAt..] += a[aAt..] * b[bAt..]. */
    static void addProduct(float[] a, int aAt, float[] b, int bAt, float[] y, int yAt, int length) {
        for (int i = 0; i < length; i += VECTOR) {
            load(a, aAt + i).fma(load(b, bAt + i), load(y, yAt + i)).intoArray(y, yAt + i);
        }
    }

    /** y = a + b. */
    static void sum(float[] a, float[] b, float[] y, int at, int length) {
        for (int i = at; i < at + length; i += VECTOR) {
            load(a, i).add(load(b, i)).intoArray(y, i);
        }
    }

    /** y = a + b + c. */
    static void sum(float[] a, float[] b, float[] c, float[] y, int at, int length) {
        for (int i = at; i < at + length; i += VECTOR) {
            load(a, i).add(load(b, i)).add(load(c, i)).intoArray(y, i);
        }
    }

    /** y[toAt..] += factor * x[fromAt..]. */
    static void addScaled(float[] x, int fromAt, float factor, float[] y, int toAt, int length) {
        for (int i = 0; i < length; i += VECTOR) {
            load(x, fromAt + i).mul(factor).add(load(y, toAt + i)).intoArray(y, toAt + i);
        }
    }

    /** x[at..] *= by[0..], over and over for each row of values that a group of images has. */
    static void multiplyRows(float[] by, float[] x, int at, int length) {
        for (int lane = 0; lane < Groups.LANES; lane += VECTOR) {
            FloatVector factors = load(by, lane);
            for (int i = at + lane; i < at + length; i += Groups.LANES) {
                load(x, i).mul(factors).intoArray(x, i);
            }
        }
    }

    /** y[toAt..] += x[fromAt..]. */
    static void add(float[] x, int fromAt, float[] y, int toAt, int length) {
        for (int i = 0; i < length; i += VECTOR) {
            load(x, fromAt + i).add(load(y, toAt + i)).intoArray(y, toAt + i);
        }
    }

    /** y[toAt..] = max(x[fromAt..], y[toAt..]). */
    static void max(float[] x, int fromAt, float[] y, int toAt, int length) {
        for (int i = 0; i < length; i += VECTOR) {
            load(x, fromAt + i).max(load(y, toAt + i)).intoArray(y, toAt + i);
        }
    }

    /** Where x[at..] equals y[yAt..], rest[0..] is added to dx[at..] and becomes 0. */
    static void moveWhereEqual(float[] x, int at, float[] y, int yAt, float[] rest, float[] dx, int length) {
        FloatVector zero = FloatVector.zero(SPECIES);
        for (int i = 0; i < length; i += VECTOR) {
            FloatVector left = load(rest, i);
            VectorMask<Float> equal = load(x, at + i).compare(VectorOperators.EQ, load(y, yAt + i));
            load(dx, at + i).add(zero.blend(left, equal)).intoArray(dx, at + i);
            left.blend(zero, equal).intoArray(rest, i);
        }
    }

    /** y[toAt..] = factor * the sum of three runs of x, one after the other from fromAt. */
    static void scaledSum3(float factor, float[] x, int fromAt, int length, float[] y, int toAt) {
        for (int i = 0; i < length; i += VECTOR) {
            FloatVector sum =
                    load(x, fromAt + i).add(load(x, fromAt + length + i)).add(load(x, fromAt + 2 * length + i));
            sum.mul(factor).intoArray(y, toAt + i);
        }
    }

    /** y[at..] *= factor. */
    static void scale(float factor, float[] y, int at, int length) {
        for (int i = at; i < at + length; i += VECTOR) {
            load(y, i).mul(factor).intoArray(y, i);
        }
    }

    private static FloatVector load(float[] from, int at) {
        return FloatVector.fromArray(SPECIES, from, at);
    }
}
