package io.efsnas.supernet.vector;

import static io.efsnas.supernet.vector.Groups.HALF;
import static io.efsnas.supernet.vector.Groups.LANES;
import static io.efsnas.supernet.vector.Groups.SPECIES;
import static io.efsnas.supernet.vector.Groups.VECTOR;

import io.efsnas.network.Layer.Convolution;
import io.efsnas.network.Shape;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;

/**
 * The weight gradient of one convolution shape for one group of images.
 *
 * <p>A weight's gradient is the dot product of an output channel's gradient with an input channel, shifted by the
 * weight's place in the kernel. Both are first packed, a chunk of rows at a time, into tiles of a few channels side by
 * side; then a tile of output channels times a tile of input channels is one loop whose sums stay in registers. Packed
 * rows have a border of zeros in common with the next row, so that a chunk is one run; where the stride is 2, even and
 * odd input rows and columns are packed apart, which makes every shift a run again.
 */
final class DirectWeightGradient implements WeightGradient {

    /** What two vectors hold, half a channel each. */
    private static final int INPUT_TILE = 2 * VECTOR / HALF;

    private static final VectorShuffle<Float> FIRST_HALVES = VectorShuffle.fromOp(SPECIES, lane -> lane % HALF);
    private static final VectorShuffle<Float> LAST_HALVES =
            VectorShuffle.fromOp(SPECIES, lane -> VECTOR - HALF + lane % HALF);
    private static final VectorMask<Float> LAST_HALF = VectorMask.fromLong(SPECIES, -1L << HALF);
    /** Pixels packed at a time: few enough to stay in the first-level cache for the channels of a tile. */
    private static final int CHUNK_PIXELS = 64;

    private final Convolution layer;
    private final Shape in;
    private final Shape out;
    private final int outputTile;
    private final int outputTiles;
    private final int inputTiles;
    private final int rows;
    private final int rowPixels;
    private final int planePixels;
    private final int outputTileSize;
    private final int inputTileSize;
    private final float[] packedOutputs;
    private final float[] packedInputs;
    private final float[] sums;

    DirectWeightGradient(Convolution layer, Shape in, Shape out) {
        this.layer = layer;
        this.in = in;
        this.out = out;
        int stride = layer.stride();
        outputTile = layer.outputs() % 5 == 0 ? 5 : 4;
        outputTiles = (layer.outputs() + outputTile - 1) / outputTile;
        inputTiles = (layer.inputs() + INPUT_TILE - 1) / INPUT_TILE;
        rows = Math.max(1, Math.min(out.height(), CHUNK_PIXELS / out.width()));
        rowPixels = out.width() + layer.padding();
        planePixels = (rows + (layer.kernel() - 1) / stride) * rowPixels + layer.padding();
        outputTileSize = rows * rowPixels * outputTile * 2 * VECTOR;
        inputTileSize = stride * stride * planePixels * INPUT_TILE * LANES;
        packedOutputs = new float[outputTiles * outputTileSize];
        packedInputs = new float[inputTiles * inputTileSize];
        sums = new float[outputTiles * inputTiles * taps() * outputTile * INPUT_TILE * HALF];
    }

    private int taps() {
        return layer.kernel() * layer.kernel();
    }

    @Override
    public void compute(float[] x, float[] dy, float[] dweight, int group) {
        Arrays.fill(sums, 0);
        for (int row = 0; row < out.height(); row += rows) {
            packOutputs(dy, group, row);
            packInputs(x, group, row);
            multiply();
        }
        fold(dweight);
    }

    private void packOutputs(float[] dy, int group, int firstRow) {
        for (int row = 0; row < rows; row++) {
            boolean inside = firstRow + row < out.height();
            for (int column = 0; column < out.width(); column++) {
                int to = (row * rowPixels + column) * outputTile * 2 * VECTOR;
                if (inside) {
                    int from = group * Groups.size(out)
                            + ((firstRow + row) * out.width() + column) * out.channels() * LANES;
                    spreadOutputs(dy, from, to);
                } else {
                    for (int tile = 0; tile < outputTiles; tile++) {
                        int at = tile * outputTileSize + to;
                        Arrays.fill(packedOutputs, at, at + outputTile * 2 * VECTOR, 0);
                    }
                }
            }
        }
    }

    private void packInputs(float[] x, int group, int firstRow) {
        int stride = layer.stride();
        int padding = layer.padding();
        int packedRows = (rows - 1) * stride + layer.kernel();
        for (int row = 0; row < packedRows; row++) {
            int inputRow = firstRow * stride - padding + row;
            boolean inside = inputRow >= 0 && inputRow < in.height();
            for (int column = 0; column < in.width(); column++) {
                int to = inputPixel(row, column + padding) * INPUT_TILE * LANES;
                if (inside) {
                    int from = group * Groups.size(in) + (inputRow * in.width() + column) * in.channels() * LANES;
                    spreadInputs(x, from, to);
                } else {
                    for (int tile = 0; tile < inputTiles; tile++) {
                        int at = tile * inputTileSize + to;
                        Arrays.fill(packedInputs, at, at + INPUT_TILE * LANES, 0);
                    }
                }
            }
        }
    }

    /** Where a padded row and column, both counted from the chunk's first, lies in a packed tile, in pixels. */
    private int inputPixel(int row, int column) {
        int stride = layer.stride();
        int plane = row % stride * stride + column % stride;
        return plane * planePixels + row / stride * rowPixels + column / stride;
    }

    /**
     * Spreads the channels of one pixel over the tiles, as {@code [half of the lanes][channel of the tile][8 lanes]}; in
     * vectors of 16 the 8 lanes stand twice.
     */
    private void spreadOutputs(float[] dy, int from, int to) {
        int at = to;
        for (int channel = 0, inTile = 0; channel < layer.outputs(); channel++) {
            int source = from + channel * LANES;
            FloatVector first = load(dy, source);
            FloatVector last = load(dy, source + LANES - VECTOR);
            if (VECTOR > HALF) {
                first = first.rearrange(FIRST_HALVES);
                last = last.rearrange(LAST_HALVES);
            }
            first.intoArray(packedOutputs, at + inTile * VECTOR);
            last.intoArray(packedOutputs, at + (outputTile + inTile) * VECTOR);
            if (++inTile == outputTile) {
                inTile = 0;
                at += outputTileSize;
            }
        }
    }

    /** The same of inputs, whose 8 lanes stand once: a vector of 16 holds those of two channels. */
    private void spreadInputs(float[] x, int from, int to) {
        int at = to;
        int channels = VECTOR / HALF;
        for (int channel = 0, inTile = 0; channel < layer.inputs(); channel += channels) {
            int source = from + channel * LANES;
            FloatVector first = load(x, source);
            FloatVector last = load(x, source + LANES - VECTOR);
            if (VECTOR > HALF) {
                FloatVector next = channel + 1 < layer.inputs() ? load(x, source + LANES) : FloatVector.zero(SPECIES);
                first = first.blend(next.rearrange(FIRST_HALVES), LAST_HALF);
                last = last.rearrange(LAST_HALVES).blend(next, LAST_HALF);
            }
            first.intoArray(packedInputs, at + inTile * HALF);
            last.intoArray(packedInputs, at + (INPUT_TILE + inTile) * HALF);
            inTile += channels;
            if (inTile == INPUT_TILE) {
                inTile = 0;
                at += inputTileSize;
            }
        }
    }

    private void multiply() {
        // The last row needs no border behind it.
        int pixels = rows * rowPixels - layer.padding();
        int sumsAt = 0;
        for (int output = 0; output < outputTiles; output++) {
            for (int input = 0; input < inputTiles; input++) {
                for (int tap = 0; tap < taps(); tap++) {
                    int outputAt = output * outputTileSize;
                    int inputAt = input * inputTileSize
                            + inputPixel(tap / layer.kernel(), tap % layer.kernel()) * INPUT_TILE * LANES;
                    if (outputTile == 5) {
                        dot5(packedOutputs, outputAt, packedInputs, inputAt, pixels, sums, sumsAt);
                    } else {
                        dot4(packedOutputs, outputAt, packedInputs, inputAt, pixels, sums, sumsAt);
                    }
                    sumsAt += outputTile * INPUT_TILE * HALF;
                }
            }
        }
    }

    private void fold(float[] dweight) {
        int sumsAt = 0;
        for (int outputAt = 0; outputAt < outputTiles * outputTile; outputAt += outputTile) {
            for (int inputAt = 0; inputAt < inputTiles * INPUT_TILE; inputAt += INPUT_TILE) {
                for (int tap = 0; tap < taps(); tap++) {
                    for (int output = outputAt; output < outputAt + outputTile; output++) {
                        for (int input = inputAt; input < inputAt + INPUT_TILE; input++, sumsAt += HALF) {
                            if (output < layer.outputs() && input < layer.inputs()) {
                                dweight[(output * layer.inputs() + input) * taps() + tap] = sumOfHalf(sums, sumsAt);
                            }
                        }
                    }
                }
            }
        }
    }

    /** In an order of its own: that of the Vector API's reduction is not specified, and may change when C2 takes over. */
    static float sumOfHalf(float[] sums, int at) {
        return ((sums[at] + sums[at + 1]) + (sums[at + 2] + sums[at + 3]))
                + ((sums[at + 4] + sums[at + 5]) + (sums[at + 6] + sums[at + 7]));
    }

    /** For 4 outputs o and 2 vectors of inputs i: sums[o][i][lane] += sum over pixels of dy[o][lane] * x[i][lane]. */
    private static void dot4(float[] dy, int dyAt, float[] x, int xAt, int pixels, float[] sums, int sumsAt) {
        FloatVector s00 = load(sums, sumsAt);
        FloatVector s01 = load(sums, sumsAt + VECTOR);
        FloatVector s10 = load(sums, sumsAt + 2 * VECTOR);
        FloatVector s11 = load(sums, sumsAt + 3 * VECTOR);
        FloatVector s20 = load(sums, sumsAt + 4 * VECTOR);
        FloatVector s21 = load(sums, sumsAt + 5 * VECTOR);
        FloatVector s30 = load(sums, sumsAt + 6 * VECTOR);
        FloatVector s31 = load(sums, sumsAt + 7 * VECTOR);
        // Both halves of the lanes in one pass: C2 would unroll a smaller body so far that the sums leave the
        // registers.
        for (int pixel = 0; pixel < pixels; pixel++) {
            int d = dyAt + pixel * 8 * VECTOR;
            int e = xAt + pixel * 4 * VECTOR;
            FloatVector x0 = load(x, e);
            FloatVector x1 = load(x, e + VECTOR);
            FloatVector dy0 = load(dy, d);
            s00 = dy0.fma(x0, s00);
            s01 = dy0.fma(x1, s01);
            FloatVector dy1 = load(dy, d + VECTOR);
            s10 = dy1.fma(x0, s10);
            s11 = dy1.fma(x1, s11);
            FloatVector dy2 = load(dy, d + 2 * VECTOR);
            s20 = dy2.fma(x0, s20);
            s21 = dy2.fma(x1, s21);
            FloatVector dy3 = load(dy, d + 3 * VECTOR);
            s30 = dy3.fma(x0, s30);
            s31 = dy3.fma(x1, s31);
            x0 = load(x, e + 2 * VECTOR);
            x1 = load(x, e + 3 * VECTOR);
            dy0 = load(dy, d + 4 * VECTOR);
            s00 = dy0.fma(x0, s00);
            s01 = dy0.fma(x1, s01);
            dy1 = load(dy, d + 5 * VECTOR);
            s10 = dy1.fma(x0, s10);
            s11 = dy1.fma(x1, s11);
            dy2 = load(dy, d + 6 * VECTOR);
            s20 = dy2.fma(x0, s20);
            s21 = dy2.fma(x1, s21);
            dy3 = load(dy, d + 7 * VECTOR);
            s30 = dy3.fma(x0, s30);
            s31 = dy3.fma(x1, s31);
        }
        s00.intoArray(sums, sumsAt);
        s01.intoArray(sums, sumsAt + VECTOR);
        s10.intoArray(sums, sumsAt + 2 * VECTOR);
        s11.intoArray(sums, sumsAt + 3 * VECTOR);
        s20.intoArray(sums, sumsAt + 4 * VECTOR);
        s21.intoArray(sums, sumsAt + 5 * VECTOR);
        s30.intoArray(sums, sumsAt + 6 * VECTOR);
        s31.intoArray(sums, sumsAt + 7 * VECTOR);
    }

    /** As {@link #dot4}, for 5 outputs. */
    private static void dot5(float[] dy, int dyAt, float[] x, int xAt, int pixels, float[] sums, int sumsAt) {
        FloatVector s00 = load(sums, sumsAt);
        FloatVector s01 = load(sums, sumsAt + VECTOR);
        FloatVector s10 = load(sums, sumsAt + 2 * VECTOR);
        FloatVector s11 = load(sums, sumsAt + 3 * VECTOR);
        FloatVector s20 = load(sums, sumsAt + 4 * VECTOR);
        FloatVector s21 = load(sums, sumsAt + 5 * VECTOR);
        FloatVector s30 = load(sums, sumsAt + 6 * VECTOR);
        FloatVector s31 = load(sums, sumsAt + 7 * VECTOR);
        FloatVector s40 = load(sums, sumsAt + 8 * VECTOR);
        FloatVector s41 = load(sums, sumsAt + 9 * VECTOR);
        for (int pixel = 0; pixel < pixels; pixel++) {
            int d = dyAt + pixel * 10 * VECTOR;
            int e = xAt + pixel * 4 * VECTOR;
            FloatVector x0 = load(x, e);
            FloatVector x1 = load(x, e + VECTOR);
            FloatVector dy0 = load(dy, d);
            s00 = dy0.fma(x0, s00);
            s01 = dy0.fma(x1, s01);
            FloatVector dy1 = load(dy, d + VECTOR);
            s10 = dy1.fma(x0, s10);
            s11 = dy1.fma(x1, s11);
            FloatVector dy2 = load(dy, d + 2 * VECTOR);
            s20 = dy2.fma(x0, s20);
            s21 = dy2.fma(x1, s21);
            FloatVector dy3 = load(dy, d + 3 * VECTOR);
            s30 = dy3.fma(x0, s30);
            s31 = dy3.fma(x1, s31);
            FloatVector dy4 = load(dy, d + 4 * VECTOR);
            s40 = dy4.fma(x0, s40);
            s41 = dy4.fma(x1, s41);
            x0 = load(x, e + 2 * VECTOR);
            x1 = load(x, e + 3 * VECTOR);
            dy0 = load(dy, d + 5 * VECTOR);
            s00 = dy0.fma(x0, s00);
            s01 = dy0.fma(x1, s01);
            dy1 = load(dy, d + 6 * VECTOR);
            s10 = dy1.fma(x0, s10);
            s11 = dy1.fma(x1, s11);
            dy2 = load(dy, d + 7 * VECTOR);
            s20 = dy2.fma(x0, s20);
            s21 = dy2.fma(x1, s21);
            dy3 = load(dy, d + 8 * VECTOR);
            s30 = dy3.fma(x0, s30);
            s31 = dy3.fma(x1, s31);
            dy4 = load(dy, d + 9 * VECTOR);
            s40 = dy4.fma(x0, s40);
            s41 = dy4.fma(x1, s41);
        }
        s00.intoArray(sums, sumsAt);
        s01.intoArray(sums, sumsAt + VECTOR);
        s10.intoArray(sums, sumsAt + 2 * VECTOR);
        s11.intoArray(sums, sumsAt + 3 * VECTOR);
        s20.intoArray(sums, sumsAt + 4 * VECTOR);
        s21.intoArray(sums, sumsAt + 5 * VECTOR);
        s30.intoArray(sums, sumsAt + 6 * VECTOR);
        s31.intoArray(sums, sumsAt + 7 * VECTOR);
        s40.intoArray(sums, sumsAt + 8 * VECTOR);
        s41.intoArray(sums, sumsAt + 9 * VECTOR);
    }

    private static FloatVector load(float[] from, int at) {
        return FloatVector.fromArray(SPECIES, from, at);
    }
}
