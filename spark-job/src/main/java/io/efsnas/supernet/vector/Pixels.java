package io.efsnas.supernet.vector;

import static io.efsnas.supernet.vector.Groups.LANES;

import io.efsnas.network.Layer.Subsample;
import io.efsnas.network.Shape;
import java.util.Arrays;

/** Values of one group of images that only change their place, a pixel at a time. */
final class Pixels {

    private Pixels() {}

    static void subsample(Subsample layer, Shape in, float[] x, float[] y, int group) {
        Shape out = layer.output(in);
        int length = in.channels() * LANES;
        int yAt = group * Groups.size(out);
        for (int row = 0; row < out.height(); row++) {
            for (int column = 0; column < out.width(); column++, yAt += length) {
                System.arraycopy(x, kept(layer, in, row, column, group), y, yAt, length);
            }
        }
    }

    static void subsampleGradient(Subsample layer, Shape in, float[] dy, float[] dx, boolean add, int group) {
        Shape out = layer.output(in);
        int length = in.channels() * LANES;
        int dyAt = group * Groups.size(out);
        if (!add) {
            Arrays.fill(dx, group * Groups.size(in), (group + 1) * Groups.size(in), 0);
        }
        for (int row = 0; row < out.height(); row++) {
            for (int column = 0; column < out.width(); column++, dyAt += length) {
                Elementwise.add(dy, dyAt, dx, kept(layer, in, row, column, group), length);
            }
        }
    }

    /** Where the pixel begins that becomes that of an output. */
    private static int kept(Subsample layer, Shape in, int row, int column, int group) {
        int fromRow = layer.first() + row * layer.stride();
        int fromColumn = layer.first() + column * layer.stride();
        return group * Groups.size(in) + (fromRow * in.width() + fromColumn) * in.channels() * LANES;
    }

    /** Copies one of several inputs to where its channels are in a concatenation. */
    static void concatenate(Shape each, int inputs, int index, float[] x, float[] y, int group) {
        int length = each.channels() * LANES;
        int xAt = group * Groups.size(each);
        int yAt = xAt * inputs + index * length;
        for (int pixel = 0; pixel < each.pixels(); pixel++) {
            System.arraycopy(x, xAt + pixel * length, y, yAt + pixel * inputs * length, length);
        }
    }

    static void concatenateGradient(Shape each, int inputs, int index, float[] dy, float[] dx, boolean add, int group) {
        int length = each.channels() * LANES;
        int dxAt = group * Groups.size(each);
        int dyAt = dxAt * inputs + index * length;
        for (int pixel = 0; pixel < each.pixels(); pixel++) {
            if (add) {
                Elementwise.add(dy, dyAt + pixel * inputs * length, dx, dxAt + pixel * length, length);
            } else {
                System.arraycopy(dy, dyAt + pixel * inputs * length, dx, dxAt + pixel * length, length);
            }
        }
    }
}
