package io.efsnas.supernet.vector;

import static io.efsnas.supernet.vector.Groups.LANES;
import static io.efsnas.supernet.vector.Groups.SPECIES;
import static io.efsnas.supernet.vector.Groups.VECTOR;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/**
 * The passes over memory of a batch norm. A pixel is a row of {@code length = channels * 16}
 * values; factors per channel are spread to such a row ({@link #spread}), so that a pass is multiplications of rows.
 */
final class BatchNorms {

    private BatchNorms() {}

    /**
     * Sums, for each value of a pixel's row, over the pixels of a group: first = sum of (x - pivot), second = sum of (x -
     * pivot)^2. With a pivot near the mean the variance does not come from a difference of large numbers.
     */
    static void moments(float[] x, int at, int pixels, int length, float[] pivot, float[] first, float[] second) {
        Arrays.fill(first, 0, length, 0);
        Arrays.fill(second, 0, length, 0);
        int pixel = 0;
        for (; pixel + 4 <= pixels; pixel += 4) {
            moments4(x, at + pixel * length, length, pivot, first, second);
        }
        for (; pixel < pixels; pixel++) {
            moments1(x, at + pixel * length, length, pivot, first, second);
        }
    }

    private static void moments4(float[] x, int at, int length, float[] pivot, float[] first, float[] second) {
        for (int i = 0; i < length; i += VECTOR) {
            FloatVector p = load(pivot, i);
            FloatVector a = load(x, at + i).sub(p);
            FloatVector b = load(x, at + length + i).sub(p);
            FloatVector c = load(x, at + 2 * length + i).sub(p);
            FloatVector d = load(x, at + 3 * length + i).sub(p);
            load(first, i).add(a.add(b).add(c.add(d))).intoArray(first, i);
            FloatVector squares = a.fma(a, b.mul(b)).add(c.fma(c, d.mul(d)));
            load(second, i).add(squares).intoArray(second, i);
        }
    }

    private static void moments1(float[] x, int at, int length, float[] pivot, float[] first, float[] second) {
        for (int i = 0; i < length; i += VECTOR) {
            FloatVector a = load(x, at + i).sub(load(pivot, i));
            load(first, i).add(a).intoArray(first, i);
            a.fma(a, load(second, i)).intoArray(second, i);
        }
    }

    /** y = x * scale + shift for the pixels of a group. */
    static void normalise(float[] x, int at, int pixels, int length, float[] scale, float[] shift, float[] y) {
        for (int pixel = 0; pixel < pixels; pixel++) {
            int row = at + pixel * length;
            for (int i = 0; i < length; i += VECTOR) {
                load(x, row + i).fma(load(scale, i), load(shift, i)).intoArray(y, row + i);
            }
        }
    }

    /** Sums, for each value of a pixel's row, over the pixels of a group: first = sum of dy, second = sum of dy * y. */
    static void gradientMoments(float[] y, float[] dy, int at, int pixels, int length, float[] first, float[] second) {
        Arrays.fill(first, 0, length, 0);
        Arrays.fill(second, 0, length, 0);
        int pixel = 0;
        for (; pixel + 2 <= pixels; pixel += 2) {
            gradientMoments2(y, dy, at + pixel * length, length, first, second);
        }
        for (; pixel < pixels; pixel++) {
            gradientMoments1(y, dy, at + pixel * length, length, first, second);
        }
    }

    /** The same of an affine batch norm from its input: second = sum of dy * (x - mean). */
    static void centredGradientMoments(
            float[] x, float[] dy, int at, int pixels, int length, float[] mean, float[] first, float[] second) {
        Arrays.fill(first, 0, length, 0);
        Arrays.fill(second, 0, length, 0);
        int pixel = 0;
        for (; pixel + 2 <= pixels; pixel += 2) {
            centredGradientMoments2(x, dy, at + pixel * length, length, mean, first, second);
        }
        for (; pixel < pixels; pixel++) {
            centredGradientMoments1(x, dy, at + pixel * length, length, mean, first, second);
        }
    }

    private static void centredGradientMoments2(
            float[] x, float[] dy, int at, int length, float[] mean, float[] first, float[] second) {
        for (int i = 0; i < length; i += VECTOR) {
            FloatVector m = load(mean, i);
            FloatVector a = load(dy, at + i);
            FloatVector b = load(dy, at + length + i);
            load(first, i).add(a.add(b)).intoArray(first, i);
            FloatVector products =
                    a.fma(load(x, at + i).sub(m), b.mul(load(x, at + length + i).sub(m)));
            load(second, i).add(products).intoArray(second, i);
        }
    }

    private static void centredGradientMoments1(
            float[] x, float[] dy, int at, int length, float[] mean, float[] first, float[] second) {
        for (int i = 0; i < length; i += VECTOR) {
            FloatVector a = load(dy, at + i);
            load(first, i).add(a).intoArray(first, i);
            a.fma(load(x, at + i).sub(load(mean, i)), load(second, i)).intoArray(second, i);
        }
    }

    private static void gradientMoments2(float[] y, float[] dy, int at, int length, float[] first, float[] second) {
        for (int i = 0; i < length; i += VECTOR) {
            FloatVector a = load(dy, at + i);
            FloatVector b = load(dy, at + length + i);
            load(first, i).add(a.add(b)).intoArray(first, i);
            FloatVector products = a.fma(load(y, at + i), b.mul(load(y, at + length + i)));
            load(second, i).add(products).intoArray(second, i);
        }
    }

    private static void gradientMoments1(float[] y, float[] dy, int at, int length, float[] first, float[] second) {
        for (int i = 0; i < length; i += VECTOR) {
            FloatVector a = load(dy, at + i);
            load(first, i).add(a).intoArray(first, i);
            a.fma(load(y, at + i), load(second, i)).intoArray(second, i);
        }
    }

    /** dx = scale * dy + slope * y + shift for the pixels of a group, or dx += that. */
    static void gradient(
            float[] y,
            float[] dy,
            int at,
            int pixels,
            int length,
            float[] scale,
            float[] slope,
            float[] shift,
            float[] dx,
            boolean add) {
        for (int pixel = 0; pixel < pixels; pixel++) {
            int row = at + pixel * length;
            if (add) {
                for (int i = 0; i < length; i += VECTOR) {
                    FloatVector rest = load(y, row + i).fma(load(slope, i), load(shift, i));
                    FloatVector whole = load(dy, row + i).fma(load(scale, i), rest);
                    load(dx, row + i).add(whole).intoArray(dx, row + i);
                }
            } else {
                for (int i = 0; i < length; i += VECTOR) {
                    FloatVector rest = load(y, row + i).fma(load(slope, i), load(shift, i));
                    load(dy, row + i).fma(load(scale, i), rest).intoArray(dx, row + i);
                }
            }
        }
    }

    /** The sum over the lanes that hold images of a channel's values in a row. */
    static double fold(float[] row, int channel, int lanes) {
        double sum = 0;
        for (int lane = 0; lane < lanes; lane++) {
            sum += row[channel * LANES + lane];
        }
        return sum;
    }

    /** Fills a channel's values in a row: those of the first {@code lanes} with a value, the rest with zero. */
    static void spread(double value, float[] row, int channel, int lanes) {
        int at = channel * LANES;
        Arrays.fill(row, at, at + lanes, (float) value);
        Arrays.fill(row, at + lanes, at + LANES, 0);
    }

    private static FloatVector load(float[] from, int at) {
        return FloatVector.fromArray(SPECIES, from, at);
    }
}
