package io.efsnas.job;

import io.efsnas.retraining.NetworkTrainer;
import io.efsnas.retraining.RetrainedNetwork;
import io.efsnas.retraining.RetrainingEngine;
import io.efsnas.retraining.RetrainingStates;
import io.efsnas.supernet.Device;
import io.efsnas.supernet.Engine;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.Function;

/** The accuracy on the test images of the network that was trained last, on the executor that runs it. */
public final class TestNetwork implements Function<Integer, Double> {

    private static final long serialVersionUID = 1;

    private final RetrainingJob job;

    public TestNetwork(RetrainingJob job) {
        this.job = job;
    }

    @Override
    public Double call(Integer any) throws Exception {
        return MemoryException.telling(() -> DeviceLoss.endingExecutor(this::test));
    }

    private double test() {
        Device device = TaskPlace.device(Engine.named(job.engine()));
        RetrainingStates states =
                new RetrainingStates(job.states(), job.images().hadoop().value());
        try (RetrainedNetwork network =
                RetrainingEngine.named(job.engine()).create(job.network(), job.resources(device))) {
            network.restore(states.latest().orElseThrow().state());
            return NetworkTrainer.accuracy(
                    network, job.schedule().test(job.images().dataset()), () -> TaskContext.get()
                            .isInterrupted());
        }
    }
}
