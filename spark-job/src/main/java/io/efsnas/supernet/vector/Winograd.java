package io.efsnas.supernet.vector;

import static io.efsnas.supernet.vector.Groups.LANES;
import static io.efsnas.supernet.vector.Groups.PIXELS;
import static io.efsnas.supernet.vector.Groups.SPECIES;
import static io.efsnas.supernet.vector.Groups.VECTOR;

import io.efsnas.network.Layer.Convolution;
import io.efsnas.network.Shape;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/**
 * 3x3 convolutions of stride 1 by minimal filtering, F(2x2, 3x3) of Lavin and Gray, <i>Fast Algorithms for Convolutional
 * Neural Networks</i> (CVPR 2016): a tile of 2x2 outputs comes from 4x4 inputs with 16 multiplications for each pair of
 * channels, where the definition has 36.
 *
 * <p>With a tile d of the input and a kernel g, the outputs are A'[(G g G') * (B' d B)]A, the product taken value by value
 * and summed over the input channels. The four rows of B' d are worked on one after the other, so that what lies between
 * the transforms stays in the second-level cache. One object serves one thread at a time.
 */
final class Winograd {

    /** Rows and columns of a tile after the transform. */
    private static final int SIDE = 4;

    /** Row i of B' d is row FIRST[i] of d + SIGN[i] * row SECOND[i]. */
    static final int[] FIRST = {0, 1, 2, 1};

    static final int[] SECOND = {2, 2, 1, 3};
    static final float[] SIGN = {-1, 1, -1, -1};

    private float[] rows = {};
    private float[] transformed = {};
    private float[] products = {};
    private float[] zeros = {};

    /** With fewer channels the transforms cost more than the multiplications that they save. */
    private static final int MIN_CHANNELS = 16;

    /** Whether this way is the fastest for a convolution; whatever it is not, {@link Convolutions} is. */
    static boolean suits(Convolution layer) {
        return layer.kernel() == 3
                && layer.stride() == 1
                && layer.inputs() >= MIN_CHANNELS
                && layer.outputs() >= MIN_CHANNELS;
    }

    /** How many tiles of two outputs cover a row or a column. */
    static int tiles(int length) {
        return (length + 1) / 2;
    }

    /** Values that the transformed weights of a convolution take. */
    static int packedSize(Convolution layer) {
        return SIDE * SIDE * layer.outputs() * layer.inputs();
    }

    /**
     * Transforms the weights of one tile of outputs, as {@code [row][column][tile of outputs][input][output of the tile]};
     * tiles are those of {@link ConvolutionTiles#heights}.
     *
     * @param layer the convolution that {@link #convolve} will compute
     * @param transposed whether the weights are those of the convolution whose input gradient {@code layer} computes
     */
    static void pack(Convolution layer, boolean transposed, float[] weight, int tile, float[] packed) {
        int[] heights = ConvolutionTiles.heights(layer.outputs());
        int first = 0;
        for (int before = 0; before < tile; before++) {
            first += heights[before];
        }
        int height = heights[tile];
        int position = layer.outputs() * layer.inputs();
        int step = transposed ? -1 : 1; // from one tap to the next
        for (int input = 0; input < layer.inputs(); input++) {
            for (int output = first; output < first + height; output++) {
                int from =
                        transposed ? 9 * (input * layer.outputs() + output) + 8 : 9 * (output * layer.inputs() + input);
                int to = first * layer.inputs() + input * height + output - first;
                for (int row = 0; row < SIDE; row++) {
                    float a = kernelColumn(row, weight, from, 3 * step);
                    float b = kernelColumn(row, weight, from + step, 3 * step);
                    float c = kernelColumn(row, weight, from + 2 * step, 3 * step);
                    for (int column = 0; column < SIDE; column++) {
                        packed[(row * SIDE + column) * position + to] = kernelRow(column, a, b, c);
                    }
                }
            }
        }
    }

    /** A row of G times a column of a kernel, whose values lie {@code step} apart. */
    private static float kernelColumn(int row, float[] weight, int from, int step) {
        return kernelRow(row, weight[from], weight[from + step], weight[from + 2 * step]);
    }

    /** A row of G times (a, b, c). */
    private static float kernelRow(int row, float a, float b, float c) {
        return switch (row) {
            case 0 -> a;
            case 1 -> 0.5f * (a + b + c);
            case 2 -> 0.5f * (a - b + c);
            default -> c;
        };
    }

    /**
     * y = x * weight, or y += x * weight, for one group.
     *
     * <p>Each loop of vectors below is called from one place: C2 takes them all into this method, and past a number of
     * nodes that cannot be set it stops, and makes an object of every vector.
     */
    void convolve(Convolution layer, Shape in, float[] x, float[] packed, float[] y, boolean add, int group) {
        int inPixel = in.channels() * LANES;
        int outPixel = layer.outputs() * LANES;
        int tiles = tiles(in.width());
        rows = atLeast(rows, (2 * tiles + 2) * inPixel);
        transformed = atLeast(transformed, SIDE * tiles * inPixel);
        products = atLeast(products, SIDE * tiles * outPixel);
        zeros = atLeast(zeros, Math.max(in.width() * inPixel, PIXELS * outPixel));
        Arrays.fill(rows, 0, inPixel, 0);
        Arrays.fill(rows, (1 + in.width()) * inPixel, (2 * tiles + 2) * inPixel, 0);
        int xAt = group * in.size() * LANES;
        int yAt = group * layer.outputs() * in.pixels() * LANES;
        for (int top = 0; top < in.height(); top += 2) {
            int yRow = yAt + top * in.width() * outPixel;
            boolean second = top + 1 < in.height();
            if (!add) {
                Arrays.fill(y, yRow, yRow + (second ? 2 : 1) * in.width() * outPixel, 0);
            }
            for (int row = 0; row < (second ? SIDE : SIDE - 1); row++) {
                transform(in, x, xAt, top - 1, row);
                multiply(layer, tiles, packed, row);
                for (int output = row < 3 ? 0 : 1; output < (row > 0 && second ? 2 : 1); output++) {
                    int sign = output == 1 && row > 1 ? -1 : 1;
                    addOutputs(in.width(), outPixel, tiles, sign, y, yRow + output * in.width() * outPixel);
                }
            }
        }
    }

    /** One row of B' d B for all tiles of a row, as {@code [column of the tile][tile][channel][image]}. */
    private void transform(Shape in, float[] x, int xAt, int top, int row) {
        int pixel = in.channels() * LANES;
        int length = in.width() * pixel;
        int first = FIRST[row];
        int second = SECOND[row];
        boolean firstInside = top + first >= 0 && top + first < in.height();
        boolean secondInside = top + second < in.height();
        float[] a = firstInside ? x : zeros;
        int aAt = firstInside ? xAt + (top + first) * length : 0;
        float[] b = secondInside ? x : zeros;
        int bAt = secondInside ? xAt + (top + second) * length : 0;
        Elementwise.combine(a, aAt, SIGN[row], b, bAt, rows, pixel, length);
        int tiles = tiles(in.width());
        for (int tile = 0; tile < tiles; tile++) {
            transformColumns(rows, 2 * tile * pixel, pixel, pixel, transformed, tile * pixel, tiles * pixel);
        }
    }

    /** (a, b, c, d) B for four neighbouring pixels. */
    static void transformColumns(float[] x, int xAt, int xNext, int length, float[] y, int yAt, int yNext) {
        for (int i = 0; i < length; i += VECTOR) {
            FloatVector a = load(x, xAt + i);
            FloatVector b = load(x, xAt + xNext + i);
            FloatVector c = load(x, xAt + 2 * xNext + i);
            FloatVector d = load(x, xAt + 3 * xNext + i);
            a.sub(c).intoArray(y, yAt + i);
            b.add(c).intoArray(y, yAt + yNext + i);
            c.sub(b).intoArray(y, yAt + 2 * yNext + i);
            b.sub(d).intoArray(y, yAt + 3 * yNext + i);
        }
    }

    /** Sums over the input channels, as {@code [column of the tile][tile][output][image]}. */
    private void multiply(Convolution layer, int tiles, float[] packed, int row) {
        int inPixel = layer.inputs() * LANES;
        int outPixel = layer.outputs() * LANES;
        int weightAt = row * SIDE * layer.inputs() * layer.outputs();
        int[] heights = ConvolutionTiles.heights(layer.outputs());
        for (int column = 0; column < SIDE; column++) {
            int first = 0;
            for (int height : heights) {
                for (int tile = 0; tile < tiles; tile += PIXELS) {
                    boolean pair = tile + 1 < tiles;
                    ConvolutionTiles.sum(
                            height,
                            transformed,
                            (column * tiles + tile) * inPixel,
                            pair ? inPixel : 0,
                            layer.inputs(),
                            packed,
                            weightAt,
                            zeros,
                            0,
                            products,
                            (column * tiles + tile) * outPixel + first * LANES,
                            pair ? outPixel : 0);
                }
                weightAt += height * layer.inputs();
                first += height;
            }
        }
    }

    /** Adds sign * (row of products) A to a row of outputs. */
    private void addOutputs(int width, int pixel, int tiles, float sign, float[] y, int yAt) {
        for (int tile = 0; tile < width / 2; tile++) {
            addPair(products, tile * pixel, tiles * pixel, pixel, sign, y, yAt + 2 * tile * pixel);
        }
        if (width % 2 == 1) {
            addSingle(products, (tiles - 1) * pixel, tiles * pixel, pixel, sign, y, yAt + (width - 1) * pixel);
        }
    }

    private static void addPair(float[] m, int at, int next, int length, float sign, float[] y, int yAt) {
        FloatVector factor = FloatVector.broadcast(SPECIES, sign);
        for (int i = 0; i < length; i += VECTOR) {
            FloatVector b = load(m, at + next + i);
            FloatVector c = load(m, at + 2 * next + i);
            FloatVector left = load(m, at + i).add(b.add(c));
            FloatVector right = b.sub(c).sub(load(m, at + 3 * next + i));
            left.fma(factor, load(y, yAt + i)).intoArray(y, yAt + i);
            right.fma(factor, load(y, yAt + length + i)).intoArray(y, yAt + length + i);
        }
    }

    private static void addSingle(float[] m, int at, int next, int length, float sign, float[] y, int yAt) {
        FloatVector factor = FloatVector.broadcast(SPECIES, sign);
        for (int i = 0; i < length; i += VECTOR) {
            FloatVector left = load(m, at + i).add(load(m, at + next + i).add(load(m, at + 2 * next + i)));
            left.fma(factor, load(y, yAt + i)).intoArray(y, yAt + i);
        }
    }

    private static float[] atLeast(float[] array, int length) {
        return array.length >= length ? array : new float[length];
    }

    private static FloatVector load(float[] from, int at) {
        return FloatVector.fromArray(SPECIES, from, at);
    }
}
