package io.efsnas.supernet.graph;

import io.efsnas.supernet.Engine;
import io.efsnas.supernet.Resources;
import io.efsnas.supernet.Supernet;
import io.efsnas.supernet.SupernetSpec;
import io.efsnas.supernet.machine.KernelProfile;

/** An engine whose supernets compute by {@link Kernels}. */
public abstract class GraphEngine implements Engine {

    /**
     * Kernels for one supernet, which owns them.
     *
     * @throws IllegalArgumentException if they cannot compute with these resources
     */
    protected abstract Kernels<?> kernels(SupernetSpec spec, Resources resources);

    @Override
    public final Supernet create(SupernetSpec spec, Resources resources) {
        return new GraphSupernet<>(spec, kernels(spec, resources));
    }

    @Override
    public final Supernet create(SupernetSpec spec, Resources resources, KernelProfile profile) {
        if (resources.device().gpu().isPresent()) {
            throw new IllegalArgumentException("the engine '" + name()
                    + "' cannot time its kernels on a GPU: they do not end when their call does");
        }
        return new GraphSupernet<>(spec, new ProfiledKernels<>(kernels(spec, resources), profile));
    }
}
