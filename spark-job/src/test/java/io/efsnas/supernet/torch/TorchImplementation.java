package io.efsnas.supernet.torch;

import io.efsnas.supernet.TestDevice;
import io.efsnas.supernet.graph.Implementation;
import io.efsnas.supernet.graph.Kernels;

/** The libtorch kernels, for the tests that all kernels have to pass. */
public final class TorchImplementation implements Implementation<TorchBuffer> {

    @Override
    public Kernels<TorchBuffer> kernels(int batch) {
        return TorchNatives.onClassPath().orElseThrow().kernels(TestDevice.resources());
    }

    @Override
    public String toString() {
        return "libtorch";
    }
}
