package io.efsnas.supernet.torch;

import io.efsnas.network.Shape;
import io.efsnas.supernet.TestDevice;
import io.efsnas.supernet.graph.Implementation;
import io.efsnas.supernet.graph.Kernels;
import org.bytedeco.javacpp.PointerScope;

/** The libtorch kernels, for the tests that all kernels have to pass. */
public final class TorchImplementation implements Implementation<TorchBuffer> {

    @Override
    public Kernels<TorchBuffer> kernels(int batch) {
        return TorchNatives.onClassPath().orElseThrow().kernels(TestDevice.resources());
    }

    @Override
    public float[] featureMaps(TorchBuffer from, Shape shape, int images) {
        float[] values = new float[images * shape.size()];
        try (PointerScope scope = new PointerScope()) {
            from.get().cpu().contiguous().data_ptr_float().get(values);
        }
        return values;
    }

    @Override
    public String toString() {
        return "libtorch";
    }
}
