package io.efsnas.driver.retrain;

import io.efsnas.data.Dataset;
import io.efsnas.driver.process.UserMistake;
import io.efsnas.driver.spark.JobException;
import io.efsnas.job.RetrainNetwork;
import io.efsnas.job.RetrainingJob;
import io.efsnas.job.RetrainingOutcome;
import io.efsnas.job.RetrainingOutcome.Kind;
import io.efsnas.retraining.EpochReport;
import io.efsnas.retraining.RetrainingStates;
import io.efsnas.training.TrainingException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.apache.spark.api.java.JavaFutureAction;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.resource.ResourceProfile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Trains a network from scratch in one task of Spark's, on the GPU that Spark assigns to it if executors have any. The task
 * keeps the state after each epoch, from which it resumes wherever it runs next: the same job gives the same bits, killed
 * or not.
 */
public final class TaskRetraining {

    private static final Logger log = LoggerFactory.getLogger(TaskRetraining.class);
    private static final int LOOK_EVERY_MILLIS = 1000;

    private final JavaSparkContext spark;
    private final RetrainingJob job;
    private final Optional<ResourceProfile> gpus;
    private final boolean onGpu;
    private final ModelDirectory directory;
    private final RetrainingStates states;
    private int reported;

    /**
     * @param gpus what the task requests from Spark to be assigned a GPU; empty for Spark's default
     * @param onGpu whether the task computes on a GPU
     * @param dataset the images of the job
     * @param directory the directory of the model, which need not exist yet
     * @throws UserMistake if there are no test images
     */
    public TaskRetraining(
            JavaSparkContext spark,
            RetrainingJob job,
            Optional<ResourceProfile> gpus,
            boolean onGpu,
            Dataset dataset,
            ModelDirectory directory) {
        if (dataset.test().size() == 0) {
            throw new UserMistake(Retraining.NO_TEST_IMAGES);
        }
        this.spark = spark;
        this.job = job;
        this.gpus = gpus;
        this.onGpu = onGpu;
        this.directory = directory;
        this.states = new RetrainingStates(job.states(), spark.hadoopConfiguration());
    }

    /**
     * Trains what an earlier process has not, and writes the model.
     *
     * @param ended called after each epoch
     * @return all epochs, those of earlier processes included
     * @throws UserMistake if the directory holds a retraining with other settings, or if the engine or its
     *     device does not work
     * @throws TrainingException if the loss is no longer a number
     * @throws JobException if the task failed for good; the same call resumes after the last epoch
     */
    public List<EpochReport> run(Consumer<EpochReport> ended) {
        Map<String, Object> settings = JobSettings.of(job, onGpu);
        directory.requireSettings(settings);
        List<EpochReport> before =
                states.latest().map(RetrainingStates.Kept::epochs).orElse(List.of());
        directory.writeProgress(settings, before);
        reported = before.size();
        if (reported > 0) {
            log.info("retraining: skipping the first {} of {} epochs, which are done", reported, epochs());
        }
        if (reported < epochs()) {
            try {
                train(settings, ended);
            } catch (RuntimeException e) {
                if (states.lastEpoch() == 0) { // other settings are welcome then
                    directory.deleteProgress();
                }
                throw e;
            }
        }
        RetrainingStates.Kept last = states.latest()
                .filter(kept -> kept.epochs().size() == epochs())
                .orElseThrow(() -> new IllegalStateException(
                        "the state after the last epoch is missing or damaged in " + job.states()));
        report(settings, last, ended);
        directory.writeSafetensors(last, JobSettings.about(job));
        return last.epochs();
    }

    private int epochs() {
        return job.schedule().epochs();
    }

    private void train(Map<String, Object> settings, Consumer<EpochReport> ended) {
        JavaRDD<Integer> one = spark.parallelize(List.of(0), 1);
        JavaFutureAction<List<RetrainingOutcome>> task = gpus.map(one::withResources)
                .orElse(one)
                .map(new RetrainNetwork(job))
                .collectAsync();
        RetrainingOutcome outcome = await(task, settings, ended).get(0);
        if (outcome.kind() == Kind.CANNOT_COMPUTE) {
            throw new UserMistake(
                    "retraining cannot start on " + outcome.place().host() + ": " + outcome.line());
        } else if (outcome.kind() == Kind.DIVERGED) {
            throw new TrainingException(outcome.line());
        }
    }

    private List<RetrainingOutcome> await(
            JavaFutureAction<List<RetrainingOutcome>> task, Map<String, Object> settings, Consumer<EpochReport> ended) {
        boolean done = false;
        try {
            while (true) {
                try {
                    List<RetrainingOutcome> outcomes = task.get(LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS);
                    done = true;
                    return outcomes;
                } catch (TimeoutException e) {
                    if (states.lastEpoch() > reported) {
                        states.latest().ifPresent(kept -> report(settings, kept, ended));
                    }
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new JobException("retraining", e, spark);
        } catch (ExecutionException e) {
            throw new JobException("retraining", e, spark);
        } finally {
            if (!done) {
                task.cancel(true);
            }
        }
    }

    /** Tells of the epochs that were not told of yet. */
    private void report(Map<String, Object> settings, RetrainingStates.Kept kept, Consumer<EpochReport> ended) {
        List<EpochReport> epochs = kept.epochs();
        if (epochs.size() > reported) {
            directory.writeProgress(settings, epochs);
            epochs.subList(reported, epochs.size()).forEach(ended);
            reported = epochs.size();
        }
    }
}
