package io.efsnas.supernet.vector;

import static io.efsnas.supernet.vector.Groups.LANES;

import io.efsnas.network.Layer.MaxPool;
import io.efsnas.network.Shape;
import java.util.Arrays;

/** Maximum pooling of one group of images. */
final class MaxPooling {

    private final MaxPool layer;
    private final Shape in;
    private final Shape out;
    /** Of a pixel. */
    private final int length;

    MaxPooling(MaxPool layer, Shape in) {
        this.layer = layer;
        this.in = in;
        this.out = layer.output(in);
        this.length = in.channels() * LANES;
    }

    /** Values of the scratch array that the gradient wants. */
    int scratchSize() {
        return length;
    }

    void largest(float[] x, float[] y, int group) {
        int xAt = group * Groups.size(in);
        int yAt = group * Groups.size(out);
        for (int row = 0; row < out.height(); row++) {
            for (int column = 0; column < out.width(); column++, yAt += length) {
                Arrays.fill(y, yAt, yAt + length, Float.NEGATIVE_INFINITY);
                for (int from = first(row); from < end(row, in.height()); from++) {
                    for (int left = first(column); left < end(column, in.width()); left++) {
                        Elementwise.max(x, xAt + (from * in.width() + left) * length, y, yAt, length);
                    }
                }
            }
        }
    }

    /**
     * The gradient, which goes to the first pixel of a window that has the largest value.
     *
     * @param rest {@link #scratchSize} values: what of the gradient has not found its pixel yet
     */
    void gradient(float[] x, float[] y, float[] dy, float[] dx, boolean add, float[] rest, int group) {
        int xAt = group * Groups.size(in);
        int yAt = group * Groups.size(out);
        if (!add) {
            Arrays.fill(dx, xAt, xAt + Groups.size(in), 0);
        }
        for (int row = 0; row < out.height(); row++) {
            for (int column = 0; column < out.width(); column++, yAt += length) {
                System.arraycopy(dy, yAt, rest, 0, length);
                for (int from = first(row); from < end(row, in.height()); from++) {
                    for (int left = first(column); left < end(column, in.width()); left++) {
                        int at = xAt + (from * in.width() + left) * length;
                        Elementwise.moveWhereEqual(x, at, y, yAt, rest, dx, length);
                    }
                }
            }
        }
    }

    /** The first row or column of a window inside the image. */
    private int first(int window) {
        return Math.max(0, window * layer.stride() - layer.padding());
    }

    /** The row or column behind a window's last one inside the image. */
    private int end(int window, int side) {
        return Math.min(side, window * layer.stride() - layer.padding() + layer.kernel());
    }
}
