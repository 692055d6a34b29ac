package io.efsnas.supernet.vector;

import io.efsnas.supernet.Device;
import io.efsnas.supernet.Engine;
import io.efsnas.supernet.Supernet;
import io.efsnas.supernet.SupernetSpec;
import io.efsnas.supernet.graph.GraphSupernet;

/** Supernets on the CPU's vector instructions, without any native library. */
public final class VectorEngine implements Engine {

    @Override
    public String name() {
        return "vector";
    }

    @Override
    public String description() {
        return "vector, Java " + Runtime.version().feature() + ", " + Groups.SPECIES.vectorBitSize() + " bits";
    }

    @Override
    public Supernet create(SupernetSpec spec, int threads, Device device) {
        return new GraphSupernet<>(spec, new VectorKernels(spec.batch(), threads));
    }
}
