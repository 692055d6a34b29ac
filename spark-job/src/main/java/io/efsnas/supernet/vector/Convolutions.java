package io.efsnas.supernet.vector;

import static io.efsnas.supernet.vector.Groups.LANES;
import static io.efsnas.supernet.vector.Groups.PIXELS;

import io.efsnas.network.Layer.Convolution;
import io.efsnas.network.Shape;
import java.util.Arrays;

/** Convolutions and their input gradients, one group of images at a time. */
final class Convolutions {

    private Convolutions() {}

    /** Values that the packed weights of a convolution take. */
    static int packedSize(Convolution layer) {
        return layer.outputs() * layer.inputs() * layer.kernel() * layer.kernel();
    }

    /**
     * Packs weights as {@link #forward} reads them, {@code [tile][kernel row][kernel column][input][output of the tile]}.
     */
    static void pack(Convolution layer, float[] weight, float[] packed) {
        int taps = layer.kernel() * layer.kernel();
        int at = 0;
        int first = 0;
        for (int height : ConvolutionTiles.heights(layer.outputs())) {
            for (int tap = 0; tap < taps; tap++) {
                for (int input = 0; input < layer.inputs(); input++) {
                    for (int output = first; output < first + height; output++) {
                        packed[at++] = weight[(output * layer.inputs() + input) * taps + tap];
                    }
                }
            }
            first += height;
        }
    }

    /** The convolution that takes output gradients to input gradients when the stride is 1. */
    static Convolution transposed(Convolution layer) {
        return new Convolution(layer.name(), layer.outputs(), layer.inputs(), layer.kernel(), 1);
    }

    /** Packs the weights of the {@link #transposed} convolution: inputs and outputs swapped, the kernel turned round. */
    static void packTransposed(Convolution layer, float[] weight, float[] packed) {
        int taps = layer.kernel() * layer.kernel();
        int at = 0;
        int first = 0;
        for (int height : ConvolutionTiles.heights(layer.inputs())) {
            for (int tap = taps - 1; tap >= 0; tap--) {
                for (int output = 0; output < layer.outputs(); output++) {
                    for (int input = first; input < first + height; input++) {
                        packed[at++] = weight[(output * layer.inputs() + input) * taps + tap];
                    }
                }
            }
            first += height;
        }
    }

    /** y = x * weight, or y += x * weight, for one group. */
    static void forward(
            Convolution layer, Shape in, Shape out, float[] x, float[] packed, float[] y, boolean add, int group) {
        int[] heights = ConvolutionTiles.heights(layer.outputs());
        int inPixel = in.channels() * LANES;
        int outPixel = out.channels() * LANES;
        int inRow = in.width() * inPixel;
        int inGroup = group * Groups.size(in);
        int yAt = group * Groups.size(out);
        int kernel = layer.kernel();
        for (int row = 0; row < out.height(); row++) {
            int top = row * layer.stride() - layer.padding();
            for (int column = 0; column < out.width(); ) {
                int left = column * layer.stride() - layer.padding();
                boolean pair = PIXELS == 2
                        && column + 1 < out.width()
                        && inside(layer, left, in.width())
                        && inside(layer, left + layer.stride(), in.width());
                int pixels = pair ? 2 : 1;
                if (!add) {
                    Arrays.fill(y, yAt, yAt + pixels * outPixel, 0);
                }
                int from = Math.max(left, 0);
                int inputs = (Math.min(left + kernel, in.width()) - from) * layer.inputs();
                for (int kernelRow = 0; kernelRow < kernel; kernelRow++) {
                    int inputRow = top + kernelRow;
                    if (inputRow < 0 || inputRow >= in.height()) {
                        continue;
                    }
                    int xAt = inGroup + inputRow * inRow + from * inPixel;
                    int skipped = (kernelRow * kernel + from - left) * layer.inputs();
                    int weightAt = 0;
                    int outputAt = yAt;
                    for (int height : heights) {
                        ConvolutionTiles.sum(
                                height,
                                x,
                                xAt,
                                pair ? layer.stride() * inPixel : 0,
                                inputs,
                                packed,
                                weightAt + skipped * height,
                                y,
                                outputAt,
                                y,
                                outputAt,
                                pair ? outPixel : 0);
                        weightAt += height * layer.inputs() * kernel * kernel;
                        outputAt += height * LANES;
                    }
                }
                yAt += pixels * outPixel;
                column += pixels;
            }
        }
    }

    /** Whether a window that begins at a column lies within the image. */
    private static boolean inside(Convolution layer, int left, int width) {
        return left >= 0 && left + layer.kernel() <= width;
    }

    /**
     * Packs weights as {@link #scatter} reads them, {@code [kernel row][kernel column][tile][output][input of the tile]}.
     */
    static void packScattering(Convolution layer, float[] weight, float[] packed) {
        int taps = layer.kernel() * layer.kernel();
        int at = 0;
        for (int tap = 0; tap < taps; tap++) {
            int first = 0;
            for (int height : ConvolutionTiles.heights(layer.inputs())) {
                for (int output = 0; output < layer.outputs(); output++) {
                    for (int input = first; input < first + height; input++) {
                        packed[at++] = weight[(output * layer.inputs() + input) * taps + tap];
                    }
                }
                first += height;
            }
        }
    }

    /**
     * The input gradient of one group for any stride: each output pixel adds to the inputs that it came from. Taps go from
     * right to left, so that an input that both pixels of a pair add to meets the left one first, as without pairs.
     */
    static void scatter(
            Convolution layer, Shape in, Shape out, float[] dy, float[] packed, float[] dx, boolean add, int group) {
        int[] heights = ConvolutionTiles.heights(layer.inputs());
        int inGroup = group * Groups.size(in);
        int inPixel = in.channels() * LANES;
        int outPixel = out.channels() * LANES;
        int dyAt = group * Groups.size(out);
        int kernel = layer.kernel();
        int stride = layer.stride();
        if (!add) {
            Arrays.fill(dx, inGroup, inGroup + Groups.size(in), 0);
        }
        for (int row = 0; row < out.height(); row++) {
            for (int column = 0; column < out.width(); column += PIXELS) {
                int pixels = Math.min(PIXELS, out.width() - column);
                for (int tap = kernel * kernel - 1; tap >= 0; tap--) {
                    int inputRow = row * stride - layer.padding() + tap / kernel;
                    int inputColumn = column * stride - layer.padding() + tap % kernel;
                    boolean first = inputColumn >= 0 && inputColumn < in.width();
                    boolean second = pixels == 2 && inputColumn + stride >= 0 && inputColumn + stride < in.width();
                    if (inputRow < 0 || inputRow >= in.height() || !first && !second) {
                        continue;
                    }
                    int skipped = first ? 0 : 1;
                    int dxAt = inGroup + (inputRow * in.width() + inputColumn + skipped * stride) * inPixel;
                    int weightAt = tap * layer.inputs() * layer.outputs();
                    for (int height : heights) {
                        ConvolutionTiles.sum(
                                height,
                                dy,
                                dyAt + skipped * outPixel,
                                first && second ? outPixel : 0,
                                layer.outputs(),
                                packed,
                                weightAt,
                                dx,
                                dxAt,
                                dx,
                                dxAt,
                                first && second ? stride * inPixel : 0);
                        weightAt += height * layer.outputs();
                        dxAt += height * LANES;
                    }
                }
                dyAt += pixels * outPixel;
            }
        }
    }
}
