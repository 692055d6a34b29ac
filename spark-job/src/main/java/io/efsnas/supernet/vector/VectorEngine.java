package io.efsnas.supernet.vector;

import io.efsnas.supernet.Device;
import io.efsnas.supernet.Precision;
import io.efsnas.supernet.Resources;
import io.efsnas.supernet.SupernetSpec;
import io.efsnas.supernet.graph.GraphEngine;
import io.efsnas.supernet.machine.MachineCeilings;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** Supernets on the CPU's vector instructions, without any native library. */
public final class VectorEngine extends GraphEngine {

    /** Counts the versions of the kernels that give other last bits than the version before. */
    private static final String BUILD = "vector 2";

    private static final String MODULE = "jdk.incubator.vector";

    @Override
    public String name() {
        return "vector";
    }

    @Override
    public Optional<String> missing() {
        return ModuleLayer.boot().findModule(MODULE).isPresent()
                ? Optional.empty()
                : Optional.of(
                        "the JVM option --add-modules " + MODULE + ", in executors by spark.executor.extraJavaOptions");
    }

    @Override
    public boolean servesGpus() {
        return false;
    }

    @Override
    public Set<Precision> precisions() {
        return EnumSet.of(Precision.FLOAT32);
    }

    @Override
    public String description(Device device) {
        return BUILD + ", Java " + Runtime.version().feature() + ", " + Groups.SPECIES.vectorBitSize() + " bits";
    }

    @Override
    public boolean repeats(String description, int itsThreads, Device device, int threads) {
        return description.startsWith(BUILD + ",");
    }

    @Override
    public MachineCeilings ceilings(int threads) {
        return CeilingMeasurement.measure(threads);
    }

    @Override
    protected VectorKernels kernels(SupernetSpec spec, Resources resources) {
        missing().ifPresent(what -> {
            throw new IllegalStateException("the engine 'vector' needs " + what);
        });
        return new VectorKernels(spec.batch(), resources.threads());
    }
}
