package io.efsnas.supernet.vector;

import static io.efsnas.supernet.vector.Groups.HALF;
import static io.efsnas.supernet.vector.Groups.LANES;

import io.efsnas.network.Layer.Depthwise;
import io.efsnas.network.Shape;
import java.util.Arrays;

/**
 * Depthwise convolutions and their gradients, one group of images at a time, and in it a few channels at a time, whose
 * pixels and sums stay in the first-level cache while a window slides over them.
 */
final class DepthwiseConvolutions {

    /** Channels worked on at a time. */
    private static final int CHANNELS = 16;

    private DepthwiseConvolutions() {}

    /** Values of the scratch array that the weight gradient wants. */
    static int scratchSize(Depthwise layer) {
        return layer.kernel() * layer.kernel() * CHANNELS * LANES;
    }

    /** y = x * weight. */
    static void forward(Depthwise layer, Shape in, Shape out, float[] x, float[] weight, float[] y, int group) {
        gather(layer, Window.onInputs(layer), in, x, weight, out, y, false, group);
    }

    /** The input gradient: each input gathers the output pixels that it was gathered by. */
    static void inputGradient(
            Depthwise layer, Shape in, Shape out, float[] dy, float[] weight, float[] dx, boolean add, int group) {
        gather(layer, Window.onOutputs(layer), out, dy, weight, in, dx, add, group);
    }

    private static void gather(
            Depthwise layer,
            Window window,
            Shape from,
            float[] x,
            float[] weight,
            Shape to,
            float[] y,
            boolean add,
            int group) {
        int kernel = layer.kernel();
        int taps = kernel * kernel;
        int step = from.channels() * LANES;
        int xStep = window.spacing() * step;
        int yAt = group * Groups.size(to);
        if (!add) {
            Arrays.fill(y, yAt, yAt + Groups.size(to), 0);
        }
        for (int first = 0; first < layer.channels(); first += CHANNELS) {
            int channels = Math.min(CHANNELS, layer.channels() - first);
            int xAt = group * Groups.size(from) + first * LANES;
            for (int row = 0; row < to.height(); row++) {
                int top = window.first(row);
                int bottom = window.end(row, from.height());
                for (int column = 0; column < to.width(); ) {
                    int left = window.first(column);
                    int count = window.count(left, window.end(column, from.width()));
                    boolean pair = window.pairs(column, from.width());
                    int at = yAt + ((row * to.width() + column) * to.channels() + first) * LANES;
                    for (int fromRow = top; fromRow < bottom; fromRow += window.spacing()) {
                        int fromAt = xAt + (fromRow * from.width() + left) * step;
                        int tap = first * taps + window.tap(row, fromRow) * kernel + window.tap(column, left);
                        if (pair) {
                            DepthwiseTiles.addPair(
                                    kernel, x, fromAt, step, weight, tap, window.step(), taps, y, at, step, channels);
                        } else {
                            DepthwiseTiles.add(
                                    count, x, fromAt, xStep, weight, tap, window.step(), taps, y, at, channels);
                        }
                    }
                    column += pair ? 2 : 1;
                }
            }
        }
    }

    /**
     * Overwrites {@code dweight} with the weight gradient from one group.
     *
     * @param sums {@link #scratchSize} values
     */
    static void weightGradient(
            Depthwise layer, Shape in, Shape out, float[] x, float[] dy, float[] sums, float[] dweight, int group) {
        Window window = Window.onInputs(layer);
        int kernel = layer.kernel();
        int taps = kernel * kernel;
        int step = in.channels() * LANES;
        int xStep = window.spacing() * step;
        int sumsStep = CHANNELS * LANES;
        for (int first = 0; first < layer.channels(); first += CHANNELS) {
            int channels = Math.min(CHANNELS, layer.channels() - first);
            Arrays.fill(sums, 0, taps * sumsStep, 0);
            int xAt = group * Groups.size(in) + first * LANES;
            for (int row = 0; row < out.height(); row++) {
                int top = window.first(row);
                int bottom = window.end(row, in.height());
                for (int column = 0; column < out.width(); ) {
                    int left = window.first(column);
                    int count = window.count(left, window.end(column, in.width()));
                    boolean pair = window.pairs(column, in.width());
                    int dyAt =
                            group * Groups.size(out) + ((row * out.width() + column) * out.channels() + first) * LANES;
                    for (int inputRow = top; inputRow < bottom; inputRow += window.spacing()) {
                        int fromAt = xAt + (inputRow * in.width() + left) * step;
                        int sumsAt = (window.tap(row, inputRow) * kernel + window.tap(column, left)) * sumsStep;
                        if (pair) {
                            DepthwiseTiles.addProductsOfPair(
                                    kernel, x, fromAt, step, dy, dyAt, step, sums, sumsAt, sumsStep, channels);
                        } else {
                            DepthwiseTiles.addProducts(
                                    count, x, fromAt, xStep, dy, dyAt, sums, sumsAt, sumsStep, channels);
                        }
                    }
                    column += pair ? 2 : 1;
                }
            }
            fold(sums, taps, channels, dweight, first * taps);
        }
    }

    private static void fold(float[] sums, int taps, int channels, float[] dweight, int at) {
        for (int channel = 0; channel < channels; channel++) {
            for (int tap = 0; tap < taps; tap++) {
                int sumAt = (tap * CHANNELS + channel) * LANES;
                dweight[at + channel * taps + tap] = DirectWeightGradient.sumOfHalf(sums, sumAt)
                        + DirectWeightGradient.sumOfHalf(sums, sumAt + HALF);
            }
        }
    }

    /**
     * What is gathered along a side: of inputs by an output, or, transposed, of outputs by an input.
     *
     * @param spacing from one gathered place to the next
     * @param step from the tap of a place to that of the next one
     * @param transposed whether inputs gather
     */
    private record Window(Depthwise layer, int spacing, int step, boolean transposed) {

        static Window onInputs(Depthwise layer) {
            return new Window(layer, layer.dilation(), 1, false);
        }

        /** Places that are gathered one after the other differ by a common multiple of stride and dilation. */
        static Window onOutputs(Depthwise layer) {
            int divisor = divisor(layer.stride(), layer.dilation());
            return new Window(layer, layer.dilation() / divisor, -layer.stride() / divisor, true);
        }

        private static int divisor(int a, int b) {
            return b == 0 ? a : divisor(b, a % b);
        }

        /** The first place that is gathered; one behind {@link #end} if there is none. */
        int first(int at) {
            int reach = (layer.kernel() - 1) * layer.dilation();
            if (!transposed) {
                int begin = at * layer.stride() - layer.padding();
                return begin >= 0 ? begin : Math.floorMod(begin, layer.dilation());
            }
            int end = at + layer.padding();
            int first = Math.max(0, Math.floorDiv(end - reach + layer.stride() - 1, layer.stride()));
            while ((end - first * layer.stride()) % layer.dilation() != 0 && first * layer.stride() <= end) {
                first++;
            }
            return first;
        }

        /** The place behind the last one, or where places lie apart behind the last tap. */
        int end(int at, int length) {
            int end = transposed
                    ? (at + layer.padding()) / layer.stride() + 1
                    : at * layer.stride() - layer.padding() + (layer.kernel() - 1) * layer.dilation() + 1;
            return Math.min(length, end);
        }

        /** How many places are gathered. */
        int count(int first, int end) {
            return (end - first + spacing - 1) / spacing;
        }

        /** The tap that a gathered place is multiplied by. */
        int tap(int at, int gathered) {
            int apart = transposed
                    ? at + layer.padding() - gathered * layer.stride()
                    : gathered - at * layer.stride() + layer.padding();
            return apart / layer.dilation();
        }

        /** Whether this place and the next one both gather a whole kernel, the next one from one place on. */
        boolean pairs(int at, int length) {
            return layer.stride() == 1
                    && layer.dilation() == 1
                    && DepthwiseTiles.pairs(layer.kernel())
                    && at >= layer.padding()
                    && at + 1 + layer.padding() < length;
        }
    }
}
