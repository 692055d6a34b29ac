package io.efsnas.supernet.torch;

import io.efsnas.retraining.RetrainedNetwork;
import io.efsnas.retraining.RetrainedNetworkSpec;
import io.efsnas.retraining.RetrainingEngine;
import io.efsnas.supernet.EngineNames;
import io.efsnas.supernet.Resources;

/** Trains final networks on libtorch, on the CPU or on any GPU that it serves. */
public final class TorchRetraining implements RetrainingEngine {

    @Override
    public String name() {
        return EngineNames.LIBTORCH;
    }

    @Override
    public RetrainedNetwork create(RetrainedNetworkSpec spec, Resources resources) {
        TorchNatives natives = TorchNatives.onClassPath()
                .orElseThrow(() -> new IllegalArgumentException("retraining with libtorch needs "
                        + new TorchEngine().missing().orElseThrow()));
        return natives.network(spec, resources);
    }
}
