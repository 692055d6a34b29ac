package io.efsnas.supernet.vector;

import static io.efsnas.supernet.vector.Groups.LANES;
import static io.efsnas.supernet.vector.Groups.PIXELS;
import static io.efsnas.supernet.vector.WinogradTransforms.OUTPUTS;
import static io.efsnas.supernet.vector.WinogradTransforms.PAD;
import static io.efsnas.supernet.vector.WinogradTransforms.SIDE;

import io.efsnas.network.Layer.Convolution;
import io.efsnas.network.Shape;
import java.util.Arrays;

/**
 * 3x3 convolutions of stride 1 by minimal filtering, see {@link WinogradTransforms}.
 *
 * <p>A strip of a few tiles' width goes down the images, one row of tiles after the other. Each row of the input is
 * transformed from left to right once and kept for the two rows of tiles that need it; then the six columns of the tiles
 * are worked on one after the other. So what lies between the transforms stays in the second-level cache. One object
 * serves one thread at a time.
 */
final class Winograd {

    /** With fewer channels the transforms cost more than the multiplications that they save. */
    private static final int MIN_CHANNELS = 16;

    /** Tiles of a strip. */
    private static final int STRIP = 4;

    private static final int TAPS = 9;

    /** Six rows of the input as {@code [row][column of the tile][tile][channel][image]}; their places are filled in turn. */
    private float[] rows = {};
    /** One column of all tiles, as {@code [row of the tile][tile][channel][image]}. */
    private float[] transformed = {};

    private float[] products = {};
    /** Outputs before the transform from left to right, as {@code [column][row of the tile][tile][channel][image]}. */
    private float[] columns = {};
    /** A tile's row that is partly outside of the images. */
    private float[] edge = {};

    private float[] zeros = {};

    /** Whether this way is the fastest for a convolution; whatever it is not, {@link Convolutions} is. */
    static boolean suits(Convolution layer) {
        return layer.kernel() == 3
                && layer.stride() == 1
                && layer.inputs() >= MIN_CHANNELS
                && layer.outputs() >= MIN_CHANNELS;
    }

    /** Values that the weights of a tile of outputs take in one place of the transform: a whole number of vectors. */
    private static int packedTile(Convolution layer, int height) {
        return (height * layer.inputs() + LANES - 1) / LANES * LANES;
    }

    /** Values from one place of the transformed weights to the next. */
    private static int packedPlace(Convolution layer) {
        int size = 0;
        for (int height : ConvolutionTiles.heights(layer.outputs())) {
            size += packedTile(layer, height);
        }
        return size;
    }

    /** Values that the transformed weights of a convolution take, with what {@link #pack} needs to make them. */
    static int packedSize(Convolution layer) {
        return (SIDE * SIDE + TAPS + 3 * SIDE) * packedPlace(layer);
    }

    /**
     * Transforms the weights of one tile of outputs, as {@code [column][row][tile of outputs][input][output of the tile]};
     * tiles are those of {@link ConvolutionTiles#heights}.
     *
     * @param layer the convolution that {@link #convolve} will compute
     * @param transposed whether the weights are those of the convolution whose input gradient {@code layer} computes
     */
    static void pack(Convolution layer, boolean transposed, float[] weight, int tile, float[] packed) {
        int[] heights = ConvolutionTiles.heights(layer.outputs());
        int firstOutput = 0;
        int at = 0;
        for (int before = 0; before < tile; before++) {
            firstOutput += heights[before];
            at += packedTile(layer, heights[before]);
        }
        int height = heights[tile];
        int next = packedPlace(layer);
        int taps = SIDE * SIDE * next + at;
        for (int input = 0; input < layer.inputs(); input++) {
            for (int i = 0; i < height; i++) {
                int output = firstOutput + i;
                int from = TAPS * (transposed ? input * layer.outputs() + output : output * layer.inputs() + input);
                for (int tap = 0; tap < TAPS; tap++) {
                    packed[taps + tap * next + input * height + i] = weight[from + (transposed ? TAPS - 1 - tap : tap)];
                }
            }
        }
        int length = packedTile(layer, height);
        int between = taps + TAPS * next;
        for (int row = 0; row < 3; row++) {
            WinogradTransforms.weights(
                    packed, taps + 3 * row * next, next, length, packed, between + row * SIDE * next, next);
        }
        for (int column = 0; column < SIDE; column++) {
            WinogradTransforms.weights(
                    packed, between + column * next, SIDE * next, length, packed, at + column * SIDE * next, next);
        }
    }

    /** y = x * weight, or y += x * weight, for one group. */
    void convolve(Convolution layer, Shape in, float[] x, float[] packed, float[] y, boolean add, int group) {
        int inPixel = in.channels() * LANES;
        int outPixel = layer.outputs() * LANES;
        int rowTiles = WinogradTransforms.tiles(in.width());
        int widest = Math.min(STRIP, rowTiles);
        rows = Groups.atLeast(rows, SIDE * SIDE * (widest * inPixel + PAD));
        transformed = Groups.atLeast(transformed, SIDE * (widest * inPixel + PAD));
        products = Groups.atLeast(products, SIDE * (widest * outPixel + PAD));
        columns = Groups.atLeast(columns, SIDE * OUTPUTS * (widest * outPixel + PAD));
        edge = Groups.atLeast(edge, SIDE * Math.max(inPixel, outPixel));
        zeros = Groups.atLeast(zeros, PIXELS * outPixel);
        int place = packedPlace(layer);
        int[] heights = ConvolutionTiles.heights(layer.outputs());
        int xAt = group * in.size() * LANES;
        int yAt = group * layer.outputs() * in.pixels() * LANES;
        for (int left = 0; left < rowTiles; left += STRIP) {
            int tiles = Math.min(STRIP, rowTiles - left);
            for (int top = 0; top < in.height(); top += OUTPUTS) {
                int first = top % SIDE;
                for (int row = top == 0 ? 0 : 2; row < SIDE; row++) {
                    transformRow(in, x, xAt, top - 1 + row, left, tiles, (first + row) % SIDE);
                }
                for (int column = 0; column < SIDE; column++) {
                    transformColumn(layer, column, first, tiles);
                    for (int row = 0; row < SIDE; row++) {
                        multiply(layer, heights, row, tiles, packed, (column * SIDE + row) * place);
                    }
                    transformProducts(layer, column, tiles);
                }
                for (int row = 0; row < Math.min(OUTPUTS, in.height() - top); row++) {
                    writeRow(in, outPixel, row, left, tiles, y, yAt + (top + row) * in.width() * outPixel, add);
                }
            }
        }
    }

    /** Transforms a row of the input from left to right, zeros where it is outside of the images. */
    private void transformRow(Shape in, float[] x, int xAt, int row, int left, int tiles, int place) {
        int pixel = in.channels() * LANES;
        int next = tiles * pixel + PAD;
        int to = place * SIDE * next;
        if (row < 0 || row >= in.height()) {
            Arrays.fill(rows, to, to + SIDE * next, 0);
            return;
        }
        int rowAt = xAt + row * in.width() * pixel;
        for (int tile = 0; tile < tiles; tile++) {
            int column = (left + tile) * OUTPUTS - 1;
            if (column >= 0 && column + SIDE <= in.width()) {
                WinogradTransforms.inputs(x, rowAt + column * pixel, pixel, 0, pixel, rows, to + tile * pixel, next);
            } else {
                int begin = Math.max(0, column);
                int end = Math.min(in.width(), column + SIDE);
                Arrays.fill(edge, 0, SIDE * pixel, 0);
                System.arraycopy(x, rowAt + begin * pixel, edge, (begin - column) * pixel, (end - begin) * pixel);
                WinogradTransforms.inputs(edge, 0, pixel, 0, pixel, rows, to + tile * pixel, next);
            }
        }
    }

    /** Transforms one column of all tiles from top to bottom. */
    private void transformColumn(Convolution layer, int column, int first, int tiles) {
        int length = tiles * layer.inputs() * LANES;
        int next = length + PAD;
        WinogradTransforms.inputs(rows, column * next, SIDE * next, first, length, transformed, 0, next);
    }

    /** Sums over the input channels. */
    private void multiply(Convolution layer, int[] heights, int row, int tiles, float[] packed, int packedAt) {
        int inPixel = layer.inputs() * LANES;
        int outPixel = layer.outputs() * LANES;
        int weightAt = packedAt;
        int first = 0;
        for (int height : heights) {
            for (int tile = 0; tile < tiles; tile += PIXELS) {
                boolean pair = tile + 1 < tiles;
                ConvolutionTiles.sum(
                        height,
                        transformed,
                        row * (tiles * inPixel + PAD) + tile * inPixel,
                        pair ? inPixel : 0,
                        layer.inputs(),
                        packed,
                        weightAt,
                        zeros,
                        0,
                        products,
                        row * (tiles * outPixel + PAD) + tile * outPixel + first * LANES,
                        pair ? outPixel : 0);
            }
            weightAt += packedTile(layer, height);
            first += height;
        }
    }

    /** Transforms the products of one column from top to bottom. */
    private void transformProducts(Convolution layer, int column, int tiles) {
        int length = tiles * layer.outputs() * LANES;
        int next = length + PAD;
        WinogradTransforms.outputs(products, 0, next, length, columns, column * OUTPUTS * next, next, false);
    }

    /** Transforms a row of outputs from left to right. */
    private void writeRow(Shape in, int pixel, int row, int left, int tiles, float[] y, int yAt, boolean add) {
        int next = OUTPUTS * (tiles * pixel + PAD);
        for (int tile = 0; tile < tiles; tile++) {
            int column = (left + tile) * OUTPUTS;
            int inside = Math.min(OUTPUTS, in.width() - column);
            int from = row * (tiles * pixel + PAD) + tile * pixel;
            int to = yAt + column * pixel;
            if (inside == OUTPUTS) {
                WinogradTransforms.outputs(columns, from, next, pixel, y, to, pixel, add);
            } else {
                System.arraycopy(y, to, edge, 0, inside * pixel);
                WinogradTransforms.outputs(columns, from, next, pixel, edge, 0, pixel, add);
                System.arraycopy(edge, 0, y, to, inside * pixel);
            }
        }
    }
}
