package io.efsnas.supernet.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.efsnas.data.Batch;
import io.efsnas.network.Shape;
import io.efsnas.supernet.graph.FinalKernels.Norm;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Affine batch norms against sums in double precision, and their gradients against finite differences of those. */
class AffineBatchNormTest {

    private static final Shape SHAPE = new Shape(3, 5, 3);
    private static final double STEP = 1e-4;

    private final Random random = new Random(5);
    private final VectorKernels kernels = new VectorKernels(40, 2);

    @AfterEach
    void close() {
        kernels.close();
    }

    private float[] randoms(int count, double mean) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) (random.nextGaussian() + mean);
        }
        return values;
    }

    private Norm<float[]> norm() {
        int channels = SHAPE.channels();
        return new Norm<>(randoms(channels, 1), randoms(channels, 0), randoms(channels, 0), new float[] {1, 2, 3});
    }

    private float[] maps(float[] values) {
        float[] maps = kernels.featureMaps(SHAPE);
        int images = values.length / SHAPE.size();
        kernels.images(new Batch(values, new int[images], SHAPE), maps);
        return maps;
    }

    private static float[] read(VectorKernels from, float[] maps, int images) {
        float[] values = new float[images * SHAPE.size()];
        from.read(SHAPE, maps, values);
        return values;
    }

    private static int channel(int value) {
        return value / SHAPE.pixels() % SHAPE.channels();
    }

    private static double[][] moments(double[] x) {
        double[] mean = new double[SHAPE.channels()];
        double[] variance = new double[SHAPE.channels()];
        double count = (double) x.length / SHAPE.channels();
        for (int i = 0; i < x.length; i++) {
            mean[channel(i)] += x[i] / count;
        }
        for (int i = 0; i < x.length; i++) {
            variance[channel(i)] += Math.pow(x[i] - mean[channel(i)], 2) / count;
        }
        return new double[][] {mean, variance};
    }

    private static double[] affine(double[] x, double[][] moments, double[] scale, double[] shift) {
        double[] y = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            int c = channel(i);
            y[i] = (x[i] - moments[0][c]) / Math.sqrt(moments[1][c] + 1e-5) * scale[c] + shift[c];
        }
        return y;
    }

    private static double[] doubles(float[] values) {
        double[] copy = new double[values.length];
        for (int i = 0; i < copy.length; i++) {
            copy[i] = values[i];
        }
        return copy;
    }

    private static void assertClose(float[] actual, double[] expected, double tolerance) {
        assertThat(actual).hasSameSizeAs(expected);
        for (int i = 0; i < actual.length; i++) {
            assertThat((double) actual[i])
                    .as("value %d", i)
                    .isCloseTo(expected[i], within(tolerance * (1 + Math.abs(expected[i]))));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 16, 21, 40})
    void usesTheBatchAndMovesTheRunningStatistics(int images) {
        float[] x = randoms(images * SHAPE.size(), 30);
        Norm<float[]> norm = norm();
        double[] meanBefore = doubles(norm.mean());
        double[] varianceBefore = doubles(norm.variance());
        float[] y = kernels.featureMaps(SHAPE);

        kernels.affineBatchNorm(SHAPE, maps(x), norm, y, kernels.channelValues(2 * SHAPE.channels()));

        double[][] moments = moments(doubles(x));
        assertClose(
                read(kernels, y, images),
                affine(doubles(x), moments, doubles(norm.scale()), doubles(norm.shift())),
                1e-4);
        double count = (double) images * SHAPE.pixels();
        for (int c = 0; c < SHAPE.channels(); c++) {
            double ofSample = moments[1][c] * count / (count - 1);
            assertThat(norm.mean()[c]).isCloseTo((float) (0.9 * meanBefore[c] + 0.1 * moments[0][c]), within(1e-4f));
            assertThat(norm.variance()[c]).isCloseTo((float) (0.9 * varianceBefore[c] + 0.1 * ofSample), within(1e-4f));
        }
    }

    @Test
    void testsByTheRunningStatistics() {
        int images = 21;
        float[] x = randoms(images * SHAPE.size(), 0.5);
        Norm<float[]> norm = norm();
        float[] y = kernels.featureMaps(SHAPE);

        kernels.runningBatchNorm(SHAPE, maps(x), norm, y);

        double[][] running = {doubles(norm.mean()), doubles(norm.variance())};
        assertClose(
                read(kernels, y, images),
                affine(doubles(x), running, doubles(norm.scale()), doubles(norm.shift())),
                1e-5);
        assertThat(running[1]).containsExactly(doubles(norm.variance())).containsExactly(1, 2, 3);
    }

    /** Of the sum of the outputs, each times a number of its own. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theGradientsAreThoseOfFiniteDifferences(boolean add) {
        int images = 21;
        float[] x = randoms(images * SHAPE.size(), 3);
        float[] dy = randoms(x.length, 0.5);
        float[] before = randoms(x.length, 0);
        Norm<float[]> norm = norm();
        double[] scale = doubles(norm.scale());
        double[] shift = doubles(norm.shift());
        float[] maps = maps(x);
        float[] moments = kernels.channelValues(2 * SHAPE.channels());
        kernels.affineBatchNorm(SHAPE, maps, norm, kernels.featureMaps(SHAPE), moments);
        float[] dscale = {1, 1, 1};
        float[] dshift = {2, 2, 2};
        float[] dx = maps(before);

        kernels.affineBatchNormGradient(SHAPE, maps, moments, norm.scale(), maps(dy), dscale, dshift, dx, add);

        double[] expected = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            double[] up = doubles(x);
            double[] down = doubles(x);
            up[i] += STEP;
            down[i] -= STEP;
            expected[i] =
                    (total(up, scale, shift, dy) - total(down, scale, shift, dy)) / (2 * STEP) + (add ? before[i] : 0);
        }
        assertClose(read(kernels, dx, images), expected, 1e-4);
        assertClose(dscale, perChannel(1, doubles(x), scale, shift, dy, true), 1e-4);
        assertClose(dshift, perChannel(2, doubles(x), scale, shift, dy, false), 1e-4);
    }

    private static double total(double[] x, double[] scale, double[] shift, float[] dy) {
        double[] y = affine(x, moments(x), scale, shift);
        double total = 0;
        for (int i = 0; i < y.length; i++) {
            total += y[i] * dy[i];
        }
        return total;
    }

    private static double[] perChannel(
            double before, double[] x, double[] scale, double[] shift, float[] dy, boolean ofScale) {
        double[] gradients = new double[SHAPE.channels()];
        for (int c = 0; c < gradients.length; c++) {
            double[] varied = ofScale ? scale : shift;
            double at = varied[c];
            varied[c] = at + STEP;
            double up = total(x, scale, shift, dy);
            varied[c] = at - STEP;
            gradients[c] = before + (up - total(x, scale, shift, dy)) / (2 * STEP);
            varied[c] = at;
        }
        return gradients;
    }
}
