package io.efsnas.supernet.vector;

import io.efsnas.retraining.RetrainedNetwork;
import io.efsnas.retraining.RetrainedNetworkSpec;
import io.efsnas.retraining.RetrainingEngine;
import io.efsnas.supernet.Resources;
import io.efsnas.supernet.graph.GraphRetrainedNetwork;

/** Trains final networks on the CPU's vector instructions. */
public final class VectorRetraining implements RetrainingEngine {

    @Override
    public String name() {
        return "vector";
    }

    @Override
    public RetrainedNetwork create(RetrainedNetworkSpec spec, Resources resources) {
        new VectorEngine().missing().ifPresent(what -> {
            throw new IllegalArgumentException("retraining with vector needs " + what);
        });
        return new GraphRetrainedNetwork<>(spec, new VectorKernels(spec.batch(), resources.threads()));
    }
}
