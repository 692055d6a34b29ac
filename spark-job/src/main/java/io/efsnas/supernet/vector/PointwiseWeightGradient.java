package io.efsnas.supernet.vector;

import static io.efsnas.supernet.vector.Groups.LANES;
import static io.efsnas.supernet.vector.Groups.PIXELS;

import io.efsnas.network.Layer.Convolution;
import io.efsnas.network.Shape;

/**
 * The weight gradient of a pointwise convolution of many channels and few pixels, for one group of images.
 *
 * <p>It is a product of two matrices whose common index is the pixel of an image. Both are first turned so that the images
 * are no longer innermost: then inputs lie side by side, and {@link ConvolutionTiles} gathers them by output gradients as
 * it otherwise gathers images by weights. So nothing is left to be summed over lanes, which {@link DirectWeightGradient}
 * does for each weight however few pixels there are.
 */
final class PointwiseWeightGradient implements WeightGradient {

    private final Convolution layer;
    private final Shape map;
    private final int values;
    private final int[] heights;
    private final float[] turnedInputs;
    private final float[] turnedOutputs;
    private final float[] zeros;
    private final float[] tile;

    PointwiseWeightGradient(Convolution layer, Shape map) {
        this.layer = layer;
        this.map = map;
        values = map.pixels() * LANES;
        heights = ConvolutionTiles.heights(layer.outputs());
        turnedInputs = new float[inputBlocks() * values * LANES];
        turnedOutputs = new float[layer.outputs() * values];
        zeros = new float[PIXELS * heights[0] * LANES];
        tile = new float[PIXELS * heights[0] * LANES];
    }

    private int inputBlocks() {
        return (layer.inputs() + LANES - 1) / LANES;
    }

    /**
     * Whether the sums of the other way would take more memory than the maps do. Convolutions that keep or double the
     * channels stay with the other way, which adds in another order: searches that have them keep their bits.
     */
    static boolean suits(Convolution layer, Shape in) {
        long sums = (long) layer.inputs() * layer.outputs() * Groups.HALF;
        long maps = (long) (layer.inputs() + layer.outputs()) * in.pixels() * LANES;
        boolean ofCells = layer.outputs() == layer.inputs() || layer.outputs() == 2 * layer.inputs();
        return layer.kernel() == 1 && layer.stride() == 1 && !ofCells && sums > maps;
    }

    @Override
    public void compute(float[] x, float[] dy, float[] dweight, int group) {
        turnInputs(x, group * map.pixels() * layer.inputs() * LANES);
        turnOutputs(dy, group * map.pixels() * layer.outputs() * LANES);
        int outputsAt = 0;
        int first = 0;
        for (int height : heights) {
            for (int block = 0; block < inputBlocks(); block += PIXELS) {
                boolean pair = block + 1 < inputBlocks();
                int next = height * LANES;
                ConvolutionTiles.sum(
                        height,
                        turnedInputs,
                        block * values * LANES,
                        pair ? values * LANES : 0,
                        values,
                        turnedOutputs,
                        outputsAt,
                        zeros,
                        0,
                        tile,
                        0,
                        pair ? next : 0);
                for (int i = 0; i < PIXELS && block + i < inputBlocks(); i++) {
                    int inputs = Math.min(LANES, layer.inputs() - (block + i) * LANES);
                    for (int output = 0; output < height; output++) {
                        int to = (first + output) * layer.inputs() + (block + i) * LANES;
                        System.arraycopy(tile, i * next + output * LANES, dweight, to, inputs);
                    }
                }
            }
            outputsAt += height * values;
            first += height;
        }
    }

    /** To {@code [block of 16 inputs][pixel][image][input]}. */
    private void turnInputs(float[] x, int from) {
        int at = from;
        for (int pixel = 0; pixel < map.pixels(); pixel++) {
            for (int input = 0; input < layer.inputs(); input++) {
                int to = (input / LANES * values + pixel * LANES) * LANES + input % LANES;
                for (int lane = 0; lane < LANES; lane++) {
                    turnedInputs[to + lane * LANES] = x[at++];
                }
            }
        }
    }

    /** To {@code [tile][pixel][image][output of the tile]}. */
    private void turnOutputs(float[] dy, int from) {
        int at = from;
        for (int pixel = 0; pixel < map.pixels(); pixel++) {
            int tileAt = 0;
            for (int height : heights) {
                for (int output = 0; output < height; output++) {
                    int to = tileAt + pixel * LANES * height + output;
                    for (int lane = 0; lane < LANES; lane++) {
                        turnedOutputs[to + lane * height] = dy[at++];
                    }
                }
                tileAt += height * values;
            }
        }
    }
}
