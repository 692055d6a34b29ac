package io.efsnas.supernet.vector;

import static io.efsnas.supernet.vector.Groups.LANES;

import io.efsnas.network.Layer.AveragePool;
import io.efsnas.network.Shape;
import java.util.Arrays;

/**
 * Average pooling of one group of images; only pixels inside the image count. A window is summed over its rows first, for
 * a whole row of windows at once, and then over its columns.
 */
final class Pooling {

    private final AveragePool layer;
    private final Shape in;
    private final Shape out;
    private final int length;

    Pooling(AveragePool layer, Shape in, Shape out) {
        this.layer = layer;
        this.in = in;
        this.out = out;
        this.length = in.channels() * LANES;
    }

    /** Values of the scratch row that both directions want. */
    int rowSize() {
        return in.width() * length;
    }

    void average(float[] x, float[] y, float[] scratch, int group) {
        int xAt = group * Groups.size(in);
        int yAt = group * Groups.size(out);
        for (int row = 0; row < out.height(); row++) {
            int top = first(row);
            int bottom = last(row, in.height());
            System.arraycopy(x, xAt + top * rowSize(), scratch, 0, rowSize());
            for (int inputRow = top + 1; inputRow < bottom; inputRow++) {
                Elementwise.add(x, xAt + inputRow * rowSize(), scratch, 0, rowSize());
            }
            for (int column = 0; column < out.width(); column++, yAt += length) {
                int left = first(column);
                int right = last(column, in.width());
                float share = 1f / ((bottom - top) * (right - left));
                if (right - left == 3) {
                    Elementwise.scaledSum3(share, scratch, left * length, length, y, yAt);
                } else {
                    System.arraycopy(scratch, left * length, y, yAt, length);
                    for (int inputColumn = left + 1; inputColumn < right; inputColumn++) {
                        Elementwise.add(scratch, inputColumn * length, y, yAt, length);
                    }
                    Elementwise.scale(share, y, yAt, length);
                }
            }
        }
    }

    void averageGradient(float[] dy, float[] dx, boolean add, float[] scratch, int group) {
        int dxAt = group * Groups.size(in);
        int dyAt = group * Groups.size(out);
        if (!add) {
            Arrays.fill(dx, dxAt, dxAt + Groups.size(in), 0);
        }
        for (int row = 0; row < out.height(); row++) {
            int top = first(row);
            int bottom = last(row, in.height());
            Arrays.fill(scratch, 0, rowSize(), 0);
            for (int column = 0; column < out.width(); column++, dyAt += length) {
                int left = first(column);
                int right = last(column, in.width());
                float share = 1f / ((bottom - top) * (right - left));
                for (int inputColumn = left; inputColumn < right; inputColumn++) {
                    Elementwise.addScaled(dy, dyAt, share, scratch, inputColumn * length, length);
                }
            }
            for (int inputRow = top; inputRow < bottom; inputRow++) {
                Elementwise.add(scratch, 0, dx, dxAt + inputRow * rowSize(), rowSize());
            }
        }
    }

    /** The first row or column of a window inside the image. */
    private int first(int window) {
        return Math.max(0, window * layer.stride() - layer.padding());
    }

    /** The row or column behind a window's last one inside the image. */
    private int last(int window, int side) {
        return Math.min(side, window * layer.stride() - layer.padding() + layer.kernel());
    }
}
