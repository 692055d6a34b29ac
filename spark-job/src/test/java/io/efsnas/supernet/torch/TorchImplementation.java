package io.efsnas.supernet.torch;

import io.efsnas.supernet.Precision;
import io.efsnas.supernet.TestDevice;
import io.efsnas.supernet.graph.Implementation;
import io.efsnas.supernet.graph.Kernels;

/** The libtorch kernels, for the tests that all kernels have to pass. */
public final class TorchImplementation implements Implementation<TorchBuffer> {

    private final Precision precision;

    public TorchImplementation(Precision precision) {
        this.precision = precision;
    }

    @Override
    public Kernels<TorchBuffer> kernels(int batch) {
        return TorchNatives.onClassPath().orElseThrow().kernels(TestDevice.resources(precision));
    }

    @Override
    public String toString() {
        return "libtorch";
    }
}
