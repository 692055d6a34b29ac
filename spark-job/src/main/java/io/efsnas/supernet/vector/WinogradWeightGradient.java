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
 * The weight gradient of a 3x3 convolution of stride 1 for one group of images, by the transpose of {@link Winograd}'s
 * bilinear form: G' [(A dy A') * (B' x B)] G summed over all tiles of 2x2 outputs and all images, with 16 multiplications a
 * tile for each pair of channels where the definition has 36.
 *
 * <p>Input and output gradient are first turned so that channels are innermost, {@code [pixel][tile of channels][image]
 * [channel of the tile]}: then the sum over images and tiles is one long run of {@link ConvolutionTiles}, and its lanes are
 * input channels. That suits input channels by the sixteen.
 */
final class WinogradWeightGradient implements WeightGradient {

    private static final int SIDE = 4;
    /** Tiles that are worked on at a time: enough for long runs, few enough for the second-level cache. */
    private static final int BLOCK = 16;

    private final Convolution layer;
    private final Shape in;
    private final int[] heights;
    private final int inputTiles;
    private final int rowTiles;
    private final int blockRows;
    private final int inPixel;
    private final int outPixel;
    private final float[] inputs;
    private final float[] gradients;
    private final float[] row;
    private final float[] transformedInputs;
    private final float[] transformedGradients;
    private final float[] sums;
    private final float[] kernel = new float[9 * VECTOR];

    WinogradWeightGradient(Convolution layer, Shape in) {
        this.layer = layer;
        this.in = in;
        heights = ConvolutionTiles.heights(layer.outputs());
        inputTiles = (layer.inputs() + LANES - 1) / LANES;
        rowTiles = Winograd.tiles(in.width());
        blockRows = Math.max(1, Math.min(Winograd.tiles(in.height()), BLOCK / rowTiles));
        inPixel = inputTiles * LANES * LANES;
        outPixel = layer.outputs() * LANES;
        inputs = new float[(2 * blockRows + 2) * rowPixels() * inPixel];
        gradients = new float[2 * blockRows * rowPixels() * outPixel];
        row = new float[rowPixels() * Math.max(inPixel, outPixel)];
        transformedInputs = new float[SIDE * blockRows * rowTiles * inPixel];
        transformedGradients = new float[SIDE * blockRows * rowTiles * outPixel];
        sums = new float[SIDE * SIDE * layer.outputs() * inputTiles * LANES];
    }

    /** Whether this way is the fastest for a convolution; whatever it is not, {@link DirectWeightGradient} is. */
    static boolean suits(Convolution layer) {
        return Winograd.suits(layer) && layer.inputs() % LANES == 0;
    }

    /** Pixels of a row with the border on both sides, up to the end of the last tile. */
    private int rowPixels() {
        return 2 * rowTiles + 2;
    }

    @Override
    public void compute(float[] x, float[] dy, float[] dweight, int group) {
        Arrays.fill(sums, 0);
        int tileRows = Winograd.tiles(in.height());
        for (int first = 0; first < tileRows; first += blockRows) {
            int count = Math.min(blockRows, tileRows - first);
            // The last two rows of a block are the first two of the next.
            int known = first == 0 ? 0 : 2;
            System.arraycopy(inputs, 2 * blockRows * rowPixels() * inPixel, inputs, 0, known * rowPixels() * inPixel);
            for (int i = known; i < 2 * count + 2; i++) {
                turnInputs(x, group, 2 * first - 1 + i, i * rowPixels() * inPixel);
            }
            for (int i = 0; i < 2 * count; i++) {
                turnGradients(dy, group, 2 * first + i, i * rowPixels() * outPixel);
            }
            for (int side = 0; side < SIDE; side++) {
                for (int tileRow = 0; tileRow < count; tileRow++) {
                    transformInputs(side, tileRow, count * rowTiles);
                    transformGradients(side, tileRow, count * rowTiles);
                }
                multiply(side, count * rowTiles);
            }
        }
        fold(dweight);
    }

    /** A row of the image with its border, zeros where the row is not in the image. */
    private void turnInputs(float[] x, int group, int imageRow, int to) {
        Arrays.fill(inputs, to, to + rowPixels() * inPixel, 0);
        if (imageRow < 0 || imageRow >= in.height()) {
            return;
        }
        int pixel = in.channels() * LANES;
        int from = (group * in.pixels() + imageRow * in.width()) * pixel;
        for (int column = 0; column < in.width(); column++) {
            for (int tile = 0; tile < inputTiles; tile++) {
                int channels = Math.min(LANES, in.channels() - tile * LANES);
                int at = to + (column + 1) * inPixel + tile * LANES * LANES;
                turn(x, from + column * pixel + tile * LANES * LANES, channels, inputs, at, LANES);
            }
        }
    }

    /** A row of the output gradient, zeros where the row is not in it. */
    private void turnGradients(float[] dy, int group, int outputRow, int to) {
        Arrays.fill(gradients, to, to + rowPixels() * outPixel, 0);
        if (outputRow >= in.height()) {
            return;
        }
        int from = (group * in.pixels() + outputRow * in.width()) * outPixel;
        for (int column = 0; column < in.width(); column++) {
            int at = column * outPixel;
            for (int height : heights) {
                turn(dy, from + at, height, gradients, to + at, height);
                at += height * LANES;
            }
        }
    }

    /** From {@code [channel][image]} to {@code [image][channel]}. */
    private static void turn(float[] from, int at, int channels, float[] to, int toAt, int pitch) {
        for (int channel = 0; channel < channels; channel++) {
            for (int lane = 0; lane < LANES; lane++) {
                to[toAt + channel + lane * pitch] = from[at + channel * LANES + lane];
            }
        }
    }

    /** One row of B' x B for a row of tiles, as {@code [column][tile of channels][tile][image][channel of the tile]}. */
    private void transformInputs(int side, int tileRow, int tiles) {
        int length = rowPixels() * inPixel;
        int top = 2 * tileRow * length;
        int first = top + Winograd.FIRST[side] * length;
        int second = top + Winograd.SECOND[side] * length;
        Elementwise.combine(inputs, first, Winograd.SIGN[side], inputs, second, row, 0, length);
        int size = LANES * LANES;
        for (int i = 0; i < rowTiles; i++) {
            for (int tile = 0; tile < inputTiles; tile++) {
                int to = (tile * tiles + tileRow * rowTiles + i) * size;
                Winograd.transformColumns(
                        row, 2 * i * inPixel + tile * size, inPixel, size, transformedInputs, to, tiles * inPixel);
            }
        }
    }

    /** One row of A dy A' likewise, but for the signs of its last row and column. */
    private void transformGradients(int side, int tileRow, int tiles) {
        int length = rowPixels() * outPixel;
        int top = 2 * tileRow * length;
        if (side == 1 || side == 2) {
            Elementwise.combine(gradients, top, Winograd.SIGN[side], gradients, top + length, row, 0, length);
        } else {
            System.arraycopy(gradients, side == 0 ? top : top + length, row, 0, length);
        }
        for (int i = 0; i < rowTiles; i++) {
            int first = 0;
            for (int height : heights) {
                int size = height * LANES;
                int to = first * tiles + (tileRow * rowTiles + i) * size;
                spreadColumns(
                        row, 2 * i * outPixel + first, outPixel, size, transformedGradients, to, tiles * outPixel);
                first += size;
            }
        }
    }

    /** (a, b) A' for two neighbouring pixels, but for the sign of the last. */
    private static void spreadColumns(float[] x, int xAt, int xNext, int length, float[] y, int yAt, int yNext) {
        for (int i = 0; i < length; i += VECTOR) {
            FloatVector a = load(x, xAt + i);
            FloatVector b = load(x, xAt + xNext + i);
            a.intoArray(y, yAt + i);
            a.add(b).intoArray(y, yAt + yNext + i);
            a.sub(b).intoArray(y, yAt + 2 * yNext + i);
            b.intoArray(y, yAt + 3 * yNext + i);
        }
    }

    /** Adds the products of one row to sums that lie as {@code [output][tile of inputs][row][column][input]}. */
    private void multiply(int side, int tiles) {
        int inputsNext = tiles * LANES * LANES;
        int sumsNext = SIDE * SIDE * layer.outputs() * LANES;
        for (int column = 0; column < SIDE; column++) {
            int gradientsAt = column * tiles * outPixel;
            int sumsAt = (side * SIDE + column) * layer.outputs() * LANES;
            for (int height : heights) {
                for (int tile = 0; tile < inputTiles; tile += PIXELS) {
                    boolean pair = tile + 1 < inputTiles;
                    int inputsAt = (column * inputTiles + tile) * inputsNext;
                    int at = sumsAt + tile * sumsNext;
                    ConvolutionTiles.sum(
                            height,
                            transformedInputs,
                            inputsAt,
                            pair ? inputsNext : 0,
                            tiles * LANES,
                            transformedGradients,
                            gradientsAt,
                            sums,
                            at,
                            sums,
                            at,
                            pair ? sumsNext : 0);
                }
                gradientsAt += tiles * height * LANES;
                sumsAt += height * LANES;
            }
        }
    }

    private void fold(float[] dweight) {
        int next = layer.outputs() * LANES;
        for (int input = 0; input < layer.inputs(); input += VECTOR) {
            for (int output = 0; output < layer.outputs(); output++) {
                int tile = input / LANES;
                fold(sums, tile * SIDE * SIDE * next + output * LANES + input % LANES, next, kernel);
                for (int i = input; i < Math.min(input + VECTOR, layer.inputs()); i++) {
                    for (int tap = 0; tap < 9; tap++) {
                        dweight[(output * layer.inputs() + i) * 9 + tap] = kernel[tap * VECTOR + i - input];
                    }
                }
            }
        }
    }

    /** G' s G for the 4x4 vectors s, with the signs that {@link #transformGradients} has left out. */
    private static void fold(float[] s, int at, int next, float[] kernel) {
        for (int column = 0; column < SIDE; column++) {
            FloatVector first = load(s, at + column * next);
            FloatVector second = load(s, at + (SIDE + column) * next);
            FloatVector third = load(s, at + (2 * SIDE + column) * next);
            FloatVector last = load(s, at + (3 * SIDE + column) * next);
            FloatVector even = second.add(third).mul(0.5f);
            first.add(even).intoArray(s, at + column * next);
            second.sub(third).mul(0.5f).intoArray(s, at + (SIDE + column) * next);
            even.sub(last).intoArray(s, at + (2 * SIDE + column) * next);
        }
        for (int row = 0; row < 3; row++) {
            int from = at + row * SIDE * next;
            FloatVector second = load(s, from + next);
            FloatVector third = load(s, from + 2 * next);
            FloatVector even = second.add(third).mul(0.5f);
            load(s, from).add(even).intoArray(kernel, 3 * row * VECTOR);
            second.sub(third).mul(0.5f).intoArray(kernel, (3 * row + 1) * VECTOR);
            even.sub(load(s, from + 3 * next)).intoArray(kernel, (3 * row + 2) * VECTOR);
        }
    }

    private static FloatVector load(float[] from, int at) {
        return FloatVector.fromArray(SPECIES, from, at);
    }
}
