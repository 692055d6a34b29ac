package io.efsnas.supernet.vector;

import static io.efsnas.supernet.vector.Groups.LANES;
import static io.efsnas.supernet.vector.WinogradTransforms.OUTPUTS;
import static io.efsnas.supernet.vector.WinogradTransforms.PAD;
import static io.efsnas.supernet.vector.WinogradTransforms.SIDE;

import io.efsnas.network.Layer.Convolution;
import io.efsnas.network.Shape;
import java.util.Arrays;

/**
 * The weight gradient of a 3x3 convolution of stride 1 for one group of images, by the transpose of {@link Winograd}'s
 * bilinear form: G' [(A dy A') * (B' x B)] G summed over all tiles of 4x4 outputs and all images, with 36 multiplications a
 * tile for each pair of channels where the definition has 144.
 *
 * <p>The input is first turned so that channels are innermost, {@code [pixel][tile of channels][image][channel of the
 * tile]}: then the sum over the images and tiles of a row is one long run of {@link GradientTiles}, and its lanes are input
 * channels. That suits input channels by the sixteen.
 */
final class WinogradWeightGradient implements WeightGradient {

    private static final int TAPS = 9;
    /** Values of a channel tile of inputs in one pixel. */
    private static final int SQUARE = LANES * LANES;

    private final Convolution layer;
    private final Shape in;
    private final int inputTiles;
    private final int rowTiles;
    private final int inPixel;
    private final int outPixel;
    /** Output channels, filled up to a whole number of {@link GradientTiles}. */
    private final int outputs;
    /** From one column of the tiles to the next, and from one row of a column to the next. */
    private final int inputNext;

    private final int gradientNext;
    /** One row of the input with channels innermost. */
    private final float[] turned;
    /** The last four output gradients of a row, where not all are in the image. */
    private final float[] edge;
    /**
     * Rows of the input, transformed from left to right, as {@code [row][column of the tile][tile of channels][tile][image]
     * [channel]}; places of rows are filled in turn.
     */
    private final float[] inputRows;
    /** Rows of the output gradient likewise, as {@code [row][column of the tile][channel][tile][image]}. */
    private final float[] gradientRows;
    /** One column of all tiles, by its rows. */
    private final float[] inputs;

    private final float[] gradients;
    /** {@code [tile of inputs][column][row][output][input of the tile]}. */
    private final float[] sums;

    private final float[] between = new float[SIDE * 3 * LANES];
    private final float[] kernel = new float[TAPS * LANES];

    WinogradWeightGradient(Convolution layer, Shape in) {
        this.layer = layer;
        this.in = in;
        inputTiles = layer.inputs() / LANES;
        rowTiles = WinogradTransforms.tiles(in.width());
        inPixel = inputTiles * SQUARE;
        outPixel = layer.outputs() * LANES;
        outputs = (layer.outputs() + GradientTiles.HEIGHT - 1) / GradientTiles.HEIGHT * GradientTiles.HEIGHT;
        inputNext = rowTiles * inPixel + PAD;
        gradientNext = outputs * rowTiles * LANES + PAD;
        turned = new float[(OUTPUTS * rowTiles + 2) * inPixel];
        edge = new float[OUTPUTS * outPixel];
        inputRows = new float[SIDE * SIDE * inputNext];
        gradientRows = new float[OUTPUTS * SIDE * gradientNext];
        inputs = new float[SIDE * inputNext];
        gradients = new float[SIDE * gradientNext];
        sums = new float[SIDE * SIDE * outputs * inputTiles * LANES];
    }

    /** Whether this way is the fastest for a convolution; whatever it is not, {@link DirectWeightGradient} is. */
    static boolean suits(Convolution layer) {
        return Winograd.suits(layer) && layer.inputs() % LANES == 0;
    }

    @Override
    public void compute(float[] x, float[] dy, float[] dweight, int group) {
        Arrays.fill(sums, 0);
        for (int top = 0; top < in.height(); top += OUTPUTS) {
            int first = top % SIDE;
            for (int row = top == 0 ? 0 : 2; row < SIDE; row++) {
                transformInputRow(x, group, top - 1 + row, (first + row) % SIDE);
            }
            for (int row = 0; row < OUTPUTS; row++) {
                transformGradientRow(dy, group, top + row, row);
            }
            for (int column = 0; column < SIDE; column++) {
                addColumn(column, first);
            }
        }
        writeGradient(dweight);
    }

    /** Turns a row of the input and transforms it from left to right, zeros where the row is not in the image. */
    private void transformInputRow(float[] x, int group, int row, int place) {
        int to = place * SIDE * inputNext;
        if (row < 0 || row >= in.height()) {
            Arrays.fill(inputRows, to, to + SIDE * inputNext, 0);
            return;
        }
        // Pixels left and right of the image stay zero.
        int from = (group * in.pixels() + row * in.width()) * inPixel;
        for (int at = 0; at < in.width() * inPixel; at += SQUARE) {
            turn(x, from + at, turned, inPixel + at);
        }
        for (int tile = 0; tile < inputTiles; tile++) {
            for (int i = 0; i < rowTiles; i++) {
                int at = OUTPUTS * i * inPixel + tile * SQUARE;
                int into = to + (tile * rowTiles + i) * SQUARE;
                WinogradTransforms.inputs(turned, at, inPixel, 0, SQUARE, inputRows, into, inputNext);
            }
        }
    }

    /** From {@code [channel][image]} to {@code [image][channel]}. */
    private static void turn(float[] from, int at, float[] to, int toAt) {
        for (int channel = 0; channel < LANES; channel++) {
            for (int lane = 0; lane < LANES; lane++) {
                to[toAt + channel + lane * LANES] = from[at + channel * LANES + lane];
            }
        }
    }

    /** Transforms a row of the output gradient from left to right, zeros where the row is not in it. */
    private void transformGradientRow(float[] dy, int group, int row, int place) {
        int to = place * SIDE * gradientNext;
        if (row >= in.height()) {
            Arrays.fill(gradientRows, to, to + SIDE * gradientNext, 0);
            return;
        }
        int from = (group * in.pixels() + row * in.width()) * outPixel;
        for (int tile = 0; tile < rowTiles; tile++) {
            int at = from + OUTPUTS * tile * outPixel;
            int inside = Math.min(OUTPUTS, in.width() - OUTPUTS * tile);
            boolean whole = inside == OUTPUTS;
            if (!whole) {
                System.arraycopy(dy, at, edge, 0, inside * outPixel);
            }
            WinogradTransforms.outputGradients(
                    whole ? dy : edge,
                    whole ? at : 0,
                    outPixel,
                    LANES,
                    layer.outputs(),
                    gradientRows,
                    to + tile * LANES,
                    gradientNext,
                    rowTiles * LANES);
        }
    }

    /** Transforms one column of a row of tiles from top to bottom, and adds its products. */
    private void addColumn(int column, int first) {
        WinogradTransforms.inputs(
                inputRows, column * inputNext, SIDE * inputNext, first, rowTiles * inPixel, inputs, 0, inputNext);
        WinogradTransforms.outputGradients(
                gradientRows,
                column * gradientNext,
                SIDE * gradientNext,
                LANES,
                layer.outputs() * rowTiles,
                gradients,
                0,
                gradientNext,
                LANES);
        int inputsNext = rowTiles * SQUARE;
        int sumsNext = SIDE * SIDE * outputs * LANES;
        int plane = rowTiles * LANES;
        for (int row = 0; row < SIDE; row++) {
            for (int output = 0; output < outputs; output += GradientTiles.HEIGHT) {
                for (int tile = 0; tile < inputTiles; tile += 2) {
                    GradientTiles.add(
                            inputs,
                            row * inputNext + tile * inputsNext,
                            tile + 1 < inputTiles ? inputsNext : 0,
                            gradients,
                            row * gradientNext + output * plane,
                            plane,
                            sums,
                            tile * sumsNext + ((column * SIDE + row) * outputs + output) * LANES,
                            sumsNext);
                }
            }
        }
    }

    /** G' s G of each output and input. */
    private void writeGradient(float[] dweight) {
        int next = outputs * LANES;
        for (int input = 0; input < layer.inputs(); input += LANES) {
            for (int output = 0; output < layer.outputs(); output++) {
                int at = input * SIDE * SIDE * outputs + output * LANES;
                for (int column = 0; column < SIDE; column++) {
                    WinogradTransforms.weightGradients(
                            sums, at + column * SIDE * next, next, LANES, between, column * LANES, SIDE * LANES);
                }
                for (int row = 0; row < 3; row++) {
                    WinogradTransforms.weightGradients(
                            between, row * SIDE * LANES, LANES, LANES, kernel, 3 * row * LANES, LANES);
                }
                for (int i = 0; i < LANES; i++) {
                    for (int tap = 0; tap < TAPS; tap++) {
                        dweight[(output * layer.inputs() + input + i) * TAPS + tap] = kernel[tap * LANES + i];
                    }
                }
            }
        }
    }
}
