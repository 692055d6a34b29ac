package io.efsnas.supernet.vector;

import static io.efsnas.supernet.vector.Groups.LANES;

import io.efsnas.network.Shape;
import java.util.Arrays;

/** Products of one group's feature maps with a factor for each channel of each image. */
final class ChannelScaling {

    private ChannelScaling() {}

    /** y = x times the factors, or adds that to y. */
    static void scale(Shape shape, float[] x, float[] factors, float[] y, boolean add, int group) {
        int length = shape.channels() * LANES;
        int factorsAt = group * length;
        int at = group * Groups.size(shape);
        for (int pixel = 0; pixel < shape.pixels(); pixel++, at += length) {
            if (add) {
                Elementwise.addProduct(x, at, factors, factorsAt, y, at, length);
            } else {
                Elementwise.product(x, at, factors, factorsAt, y, at, length);
            }
        }
    }

    /**
     * dfactors = the sums of x dy over all pixels, or adds them. Each row of pixels is summed by itself first, since a
     * single long sum rounds more.
     *
     * @param scratch takes the sums of a row
     */
    static void factorGradient(
            Shape shape, float[] x, float[] dy, float[] dfactors, boolean add, float[] scratch, int group) {
        int length = shape.channels() * LANES;
        int factorsAt = group * length;
        int at = group * Groups.size(shape);
        if (!add) {
            Arrays.fill(dfactors, factorsAt, factorsAt + length, 0);
        }
        for (int row = 0; row < shape.height(); row++) {
            Arrays.fill(scratch, 0, length, 0);
            for (int column = 0; column < shape.width(); column++, at += length) {
                Elementwise.addProduct(x, at, dy, at, scratch, 0, length);
            }
            Elementwise.add(scratch, 0, dfactors, factorsAt, length);
        }
    }
}
