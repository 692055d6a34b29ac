package io.efsnas.supernet.vector;

import io.efsnas.supernet.Device;
import io.efsnas.supernet.Engine;
import io.efsnas.supernet.KernelProfile;
import io.efsnas.supernet.MachineCeilings;
import io.efsnas.supernet.Supernet;
import io.efsnas.supernet.SupernetSpec;
import io.efsnas.supernet.graph.GraphSupernet;
import io.efsnas.supernet.graph.ProfiledKernels;

/** Supernets on the CPU's vector instructions, without any native library. */
public final class VectorEngine implements Engine {

    private static final String MODULE = "jdk.incubator.vector";

    @Override
    public String name() {
        return "vector";
    }

    @Override
    public boolean available() {
        return ModuleLayer.boot().findModule(MODULE).isPresent();
    }

    @Override
    public String description() {
        return "vector, Java " + Runtime.version().feature() + ", " + Groups.SPECIES.vectorBitSize() + " bits";
    }

    @Override
    public boolean repeats(String description, int itsThreads, int threads) {
        return description.startsWith(name() + ",");
    }

    @Override
    public Supernet create(SupernetSpec spec, int threads, Device device) {
        return new GraphSupernet<>(spec, kernels(spec, threads));
    }

    @Override
    public Supernet create(SupernetSpec spec, int threads, Device device, KernelProfile profile) {
        return new GraphSupernet<>(spec, new ProfiledKernels<>(kernels(spec, threads), profile));
    }

    @Override
    public MachineCeilings ceilings(int threads) {
        return CeilingMeasurement.measure(threads);
    }

    private VectorKernels kernels(SupernetSpec spec, int threads) {
        if (!available()) {
            throw new IllegalStateException("the engine 'vector' needs the JVM option --add-modules " + MODULE
                    + ", in executors by spark.executor.extraJavaOptions");
        }
        return new VectorKernels(spec.batch(), threads);
    }
}
