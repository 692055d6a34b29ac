package io.efsnas.supernet.vector;

import io.efsnas.network.Shape;
import io.efsnas.supernet.graph.Implementation;
import io.efsnas.supernet.graph.Kernels;

/** The vector kernels, for the tests that all kernels have to pass. */
public final class VectorImplementation implements Implementation<float[]> {

    @Override
    public Kernels<float[]> kernels(int batch) {
        return new VectorKernels(batch, 2);
    }

    @Override
    public float[] featureMaps(float[] from, Shape shape, int images) {
        float[] values = new float[images * shape.size()];
        for (int image = 0; image < images; image++) {
            for (int channel = 0; channel < shape.channels(); channel++) {
                for (int pixel = 0; pixel < shape.pixels(); pixel++) {
                    int group = image / Groups.LANES * Groups.size(shape);
                    values[(image * shape.channels() + channel) * shape.pixels() + pixel] =
                            from[group + (pixel * shape.channels() + channel) * Groups.LANES + image % Groups.LANES];
                }
            }
        }
        return values;
    }

    @Override
    public String toString() {
        return "vector";
    }
}
