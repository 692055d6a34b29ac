package io.efsnas.supernet.torch;

import io.efsnas.supernet.Device;
import io.efsnas.supernet.EngineNames;
import io.efsnas.supernet.Precision;
import io.efsnas.supernet.Resources;
import io.efsnas.supernet.SupernetSpec;
import io.efsnas.supernet.graph.GraphEngine;
import io.efsnas.supernet.machine.MachineCeilings;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** Runs supernets on libtorch, on GPUs too that are newer than ND4J's. */
public final class TorchEngine extends GraphEngine {

    @Override
    public String name() {
        return EngineNames.LIBTORCH;
    }

    @Override
    public Optional<String> missing() {
        return TorchNatives.onClassPath().isPresent()
                ? Optional.empty()
                : Optional.of("libtorch on the class path: add efsnas-libtorch.jar, on a cluster by --jars");
    }

    @Override
    public boolean servesGpus() {
        return TorchNatives.onClassPath().filter(TorchNatives::cuda).isPresent();
    }

    @Override
    public Set<Precision> precisions() {
        return EnumSet.allOf(Precision.class);
    }

    @Override
    public String description(Device device) {
        TorchNatives natives = natives();
        return name() + " " + TorchNatives.VERSION + " " + natives.platform() + natives.hardware(device);
    }

    private TorchNatives natives() {
        return TorchNatives.onClassPath()
                .orElseThrow(() -> new IllegalStateException(
                        "the engine 'libtorch' needs " + missing().orElseThrow()));
    }

    @Override
    public boolean repeats(String description, int itsThreads, Device device, int threads) {
        return description.equals(description(device)) && (natives().cuda() || itsThreads == threads);
    }

    @Override
    protected TorchKernels kernels(SupernetSpec spec, Resources resources) {
        return natives().kernels(resources);
    }

    @Override
    public MachineCeilings ceilings(int threads) {
        natives();
        return TorchCeilings.measure(threads);
    }
}
