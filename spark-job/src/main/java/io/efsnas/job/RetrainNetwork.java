package io.efsnas.job;

import io.efsnas.data.Dataset;
import io.efsnas.job.RetrainingOutcome.Kind;
import io.efsnas.retraining.NetworkTrainer;
import io.efsnas.retraining.RetrainedNetwork;
import io.efsnas.retraining.RetrainingEngine;
import io.efsnas.retraining.RetrainingStates;
import io.efsnas.supernet.Device;
import io.efsnas.supernet.DeviceLostException;
import io.efsnas.supernet.Engine;
import io.efsnas.training.TrainingException;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Trains an architecture from scratch on the executor that runs it, up to an epoch. An attempt that follows one that failed
 * resumes after the last epoch that was kept.
 */
public final class RetrainNetwork implements Function<Integer, RetrainingOutcome> {

    private static final long serialVersionUID = 1;
    private static final Logger log = LoggerFactory.getLogger(RetrainNetwork.class);

    private final RetrainingJob job;

    public RetrainNetwork(RetrainingJob job) {
        this.job = job;
    }

    @Override
    public RetrainingOutcome call(Integer any) throws Exception {
        return MemoryException.telling(() -> DeviceLoss.endingExecutor(this::retrain));
    }

    private RetrainingOutcome retrain() {
        Device device = TaskPlace.device(Engine.named(job.engine()));
        Dataset dataset = job.images().dataset();
        RetrainedNetwork network;
        try {
            network = RetrainingEngine.named(job.engine()).create(job.network(), job.resources(device));
        } catch (IllegalArgumentException e) {
            return new RetrainingOutcome(Kind.CANNOT_COMPUTE, e.getMessage(), TaskPlace.of(device));
        }
        try (network) {
            log.info("retraining begins on {}", device);
            RetrainingStates states =
                    new RetrainingStates(job.states(), job.images().hadoop().value());
            new NetworkTrainer(job.schedule(), dataset, states)
                    .train(network, job.until(), () -> TaskContext.get().isInterrupted());
            return new RetrainingOutcome(Kind.DONE, "", TaskPlace.of(device));
        } catch (TrainingException e) {
            return new RetrainingOutcome(Kind.DIVERGED, e.getMessage(), TaskPlace.of(device));
        } catch (RuntimeException e) {
            throw DeviceLostException.explained(e, device.toString());
        }
    }
}
