package io.efsnas.supernet.vector;

import static io.efsnas.supernet.vector.Groups.LANES;

import io.efsnas.space.Layer.AveragePool;
import io.efsnas.space.Shape;
import java.util.Arrays;

/** Average pooling of one group of images; only pixels inside the image count. */
final class Pooling {

    private Pooling() {}

    static void average(AveragePool layer, Shape in, Shape out, float[] x, float[] y, int group) {
        int length = in.channels() * LANES;
        int xAt = group * Groups.size(in);
        int yAt = group * Groups.size(out);
        Arrays.fill(y, yAt, yAt + Groups.size(out), 0);
        for (int row = 0; row < out.height(); row++) {
            int top = Math.max(0, row * layer.stride() - layer.padding());
            int bottom = Math.min(in.height(), row * layer.stride() - layer.padding() + layer.kernel());
            for (int column = 0; column < out.width(); column++, yAt += length) {
                int left = Math.max(0, column * layer.stride() - layer.padding());
                int right = Math.min(in.width(), column * layer.stride() - layer.padding() + layer.kernel());
                float share = 1f / ((bottom - top) * (right - left));
                for (int inputRow = top; inputRow < bottom; inputRow++) {
                    for (int inputColumn = left; inputColumn < right; inputColumn++) {
                        int from = xAt + (inputRow * in.width() + inputColumn) * length;
                        Elementwise.addScaled(x, from, share, y, yAt, length);
                    }
                }
            }
        }
    }

    static void averageGradient(
            AveragePool layer, Shape in, Shape out, float[] dy, float[] dx, boolean add, int group) {
        int length = in.channels() * LANES;
        int dxAt = group * Groups.size(in);
        int dyAt = group * Groups.size(out);
        if (!add) {
            Arrays.fill(dx, dxAt, dxAt + Groups.size(in), 0);
        }
        for (int row = 0; row < out.height(); row++) {
            int top = Math.max(0, row * layer.stride() - layer.padding());
            int bottom = Math.min(in.height(), row * layer.stride() - layer.padding() + layer.kernel());
            for (int column = 0; column < out.width(); column++, dyAt += length) {
                int left = Math.max(0, column * layer.stride() - layer.padding());
                int right = Math.min(in.width(), column * layer.stride() - layer.padding() + layer.kernel());
                float share = 1f / ((bottom - top) * (right - left));
                for (int inputRow = top; inputRow < bottom; inputRow++) {
                    for (int inputColumn = left; inputColumn < right; inputColumn++) {
                        int to = dxAt + (inputRow * in.width() + inputColumn) * length;
                        Elementwise.addScaled(dy, dyAt, share, dx, to, length);
                    }
                }
            }
        }
    }
}
