package io.efsnas.driver.retrain;

import io.efsnas.driver.config.FinalistsConfig.Stage;
import io.efsnas.driver.process.Termination;
import io.efsnas.driver.process.UserMistake;
import io.efsnas.driver.run.FinalistsRecord;
import io.efsnas.driver.run.FinalistsRecord.Finalist;
import io.efsnas.driver.run.FinalistsRecord.State;
import io.efsnas.driver.run.RunDirectory;
import io.efsnas.driver.spark.JobException;
import io.efsnas.job.RetrainNetwork;
import io.efsnas.job.RetrainingJob;
import io.efsnas.job.RetrainingOutcome;
import io.efsnas.job.TestNetwork;
import io.efsnas.retraining.EpochReport;
import io.efsnas.retraining.RetrainingStates;
import io.efsnas.training.TrainingException;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import java.util.function.IntUnaryOperator;
import java.util.stream.Collectors;
import org.apache.spark.api.java.JavaFutureAction;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.resource.ResourceProfile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Trains several networks from scratch side by side, each in a task of Spark's, stage by stage: after each stage the best
 * on held-out images go on (Jamieson and Talwalkar, <i>Non-stochastic Best Arm Identification and Hyperparameter
 * Optimization</i>, AISTATS 2016). Each task keeps the state after each epoch; who goes on depends on these alone, so that
 * a retraining that was killed goes on to the same winner with the same bits. One that fails is told of, and the others go
 * on.
 */
public final class FinalistRetraining {

    private static final Logger log = LoggerFactory.getLogger(FinalistRetraining.class);
    private static final int LOOK_EVERY_MILLIS = 1000;

    /**
     * Where tasks run.
     *
     * @param gpus what a task requests from Spark to be assigned a GPU; empty for Spark's default
     * @param onGpu whether tasks compute on GPUs
     * @param threads how many threads a task has on a CPU, by the number of tasks at a time
     */
    public record Tasks(
            JavaSparkContext spark, Optional<ResourceProfile> gpus, boolean onGpu, IntUnaryOperator threads) {}

    /** One of the networks. */
    private static final class Candidate {

        private final RetrainingJob job;
        private final RetrainingStates states;
        private Finalist now;
        private RuntimeException failure;

        Candidate(RetrainingJob job, Finalist begun, JavaSparkContext spark) {
            this.job = job;
            this.states = new RetrainingStates(job.states(), spark.hadoopConfiguration());
            this.now = begun.with(epochs(), State.TRAINING, null);
        }

        private List<EpochReport> epochs() {
            return states.latest().map(RetrainingStates.Kept::epochs).orElse(List.of());
        }

        int rank() {
            return now.rank();
        }

        double accuracyAfter(int epochs) {
            return now.history().get(epochs - 1).accuracy();
        }

        void become(State state) {
            now = now.with(now.history(), state, now.failure());
        }

        void fail(RuntimeException why) {
            failure = why;
            now = now.with(now.history(), State.FAILED, why.getMessage());
        }
    }

    private final Tasks tasks;
    private final List<Stage> stages;
    private final List<Candidate> candidates;
    private final RunDirectory output;
    private final ModelDirectory directory;
    private final RetrainingJob first;

    /**
     * @param stages how many train up to which epoch
     * @param finalists what is told of each network, the first of the ranking first, by its job
     * @param output where the model goes
     */
    public FinalistRetraining(
            Tasks tasks, List<Stage> stages, Map<RetrainingJob, Finalist> finalists, RunDirectory output) {
        this.tasks = tasks;
        this.stages = stages;
        this.output = output;
        this.directory = new ModelDirectory(output.toString(), tasks.spark().hadoopConfiguration());
        this.first = finalists.keySet().iterator().next();
        this.candidates = finalists.entrySet().stream()
                .map(each -> new Candidate(each.getKey(), each.getValue(), tasks.spark()))
                .toList();
    }

    /**
     * Trains what an earlier process has not, and writes the model of the winner.
     *
     * @param ended called after each epoch of each network, with what is told of the network
     * @return the winner with its test accuracy
     * @throws UserMistake if the directory holds a retraining with other settings, or no engine or device works
     * @throws TrainingException if no loss is a number any more
     * @throws JobException if all tasks failed for good; the same call resumes after their last epochs
     */
    public Finalist run(BiConsumer<Finalist, EpochReport> ended) {
        Map<String, Object> settings = settings();
        directory.requireSettings(settings);
        directory.writeProgress(settings, List.of());
        List<Candidate> left = candidates;
        for (Stage stage : stages) {
            left = best(left, stage.networks());
            log.info(
                    "retraining: {} finalist(s) up to epoch {} of {}",
                    left.size(),
                    stage.until(),
                    first.schedule().epochs());
            train(left, stage.until(), ended);
            left = ranked(left, stage.until());
        }
        Candidate winner = left.get(0);
        left.stream().skip(1).forEach(other -> other.become(State.FINISHED));
        RetrainingStates.Kept kept = winner.states.latest().orElseThrow();
        directory.writeSafetensors(kept, JobSettings.about(winner.job));
        winner.now = winner.now.asWinner(test(winner));
        write();
        return winner.now;
    }

    /** Those that go on to a stage, of those that have done the one before, the best first. */
    private List<Candidate> best(List<Candidate> left, int networks) {
        List<Candidate> on = left.subList(0, Math.min(networks, left.size()));
        left.stream().skip(on.size()).forEach(other -> {
            other.become(State.DROPPED);
            log.info(
                    "retraining: finalist {} is dropped after {} epochs",
                    other.rank(),
                    other.now.history().size());
        });
        return on;
    }

    /** Those that have trained, the best first, and of equal ones the one that ranks higher. */
    private List<Candidate> ranked(List<Candidate> trained, int epochs) {
        List<Candidate> whole = trained.stream()
                .filter(candidate -> candidate.failure == null)
                .sorted(Comparator.comparingDouble((Candidate candidate) -> candidate.accuracyAfter(epochs))
                        .reversed()
                        .thenComparing(Candidate::rank))
                .toList();
        if (whole.isEmpty()) {
            if (candidates.stream()
                    .allMatch(candidate -> candidate.now.history().isEmpty())) {
                directory.deleteProgress(); // other settings are welcome then
            }
            throw trained.get(0).failure;
        }
        return whole;
    }

    private void train(List<Candidate> some, int until, BiConsumer<Finalist, EpochReport> ended) {
        List<Candidate> untrained = some.stream()
                .filter(candidate -> candidate.now.history().size() < until)
                .toList();
        int threads = tasks.threads().applyAsInt(untrained.size());
        Map<Candidate, JavaFutureAction<List<RetrainingOutcome>>> running = new LinkedHashMap<>();
        untrained.forEach(
                candidate -> running.put(candidate, submit(new RetrainNetwork(candidate.job.with(threads, until)))));
        write();
        try {
            while (!running.isEmpty()) {
                for (Candidate candidate : List.copyOf(running.keySet())) {
                    if (hasEnded(candidate, running.get(candidate), LOOK_EVERY_MILLIS / running.size())) {
                        running.remove(candidate);
                    }
                    report(candidate, ended);
                }
            }
        } finally {
            running.values().forEach(task -> task.cancel(true));
        }
        untrained.stream()
                .filter(candidate ->
                        candidate.failure == null && candidate.now.history().size() < until)
                .forEach(candidate -> candidate.fail(new IllegalStateException(
                        "the state after epoch " + until + " is missing or damaged in " + candidate.job.states())));
    }

    private <T> JavaFutureAction<List<T>> submit(Function<Integer, T> task) {
        JavaRDD<Integer> one = tasks.spark().parallelize(List.of(0), 1);
        return tasks.gpus().map(one::withResources).orElse(one).map(task).collectAsync();
    }

    private boolean hasEnded(Candidate candidate, JavaFutureAction<List<RetrainingOutcome>> task, int millis) {
        try {
            RetrainingOutcome outcome = task.get(millis, TimeUnit.MILLISECONDS).get(0);
            switch (outcome.kind()) {
                case DONE -> {}
                case CANNOT_COMPUTE -> fail(
                        candidate,
                        new UserMistake(
                                "retraining cannot start on " + outcome.place().host() + ": " + outcome.line()));
                case DIVERGED -> fail(candidate, new TrainingException(outcome.line()));
            }
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new JobException("retraining", e, tasks.spark());
        } catch (ExecutionException e) {
            JobException failure = new JobException("retraining", e, tasks.spark());
            output.requireLease();
            if (JobException.stopped(e) || Termination.cause().isPresent()) {
                throw failure;
            }
            fail(candidate, failure);
            return true;
        }
    }

    private void fail(Candidate candidate, RuntimeException why) {
        candidate.fail(why);
        log.warn("retraining: finalist {} has failed, the others go on: {}", candidate.rank(), why.getMessage());
    }

    /** Tells of the epochs that were not told of yet. */
    private void report(Candidate candidate, BiConsumer<Finalist, EpochReport> ended) {
        int known = candidate.now.history().size();
        if (candidate.states.lastEpoch() > known) {
            List<EpochReport> epochs = candidate.epochs();
            candidate.now = candidate.now.with(epochs, candidate.now.state(), candidate.now.failure());
            epochs.subList(Math.min(known, epochs.size()), epochs.size())
                    .forEach(epoch -> ended.accept(candidate.now, epoch));
            write();
        }
    }

    private double test(Candidate winner) {
        int threads = tasks.threads().applyAsInt(1);
        try {
            return submit(new TestNetwork(winner.job.with(threads, winner.job.until())))
                    .get()
                    .get(0);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new JobException("testing the model", e, tasks.spark());
        } catch (ExecutionException e) {
            throw new JobException("testing the model", e, tasks.spark());
        }
    }

    private void write() {
        output.write(new FinalistsRecord(
                first.schedule().epochs(),
                first.schedule().heldOut(),
                candidates.stream().map(candidate -> candidate.now).toList()));
    }

    /** All that decides the result. */
    private Map<String, Object> settings() {
        Map<String, Object> settings = JobSettings.of(first, tasks.onGpu());
        settings.put(
                "architecture",
                candidates.stream()
                        .map(candidate -> candidate.now.architecture())
                        .collect(Collectors.joining(" ")));
        settings.put("stages", stages.toString());
        return settings;
    }
}
