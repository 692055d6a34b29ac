package io.efsnas.driver.spark;

import io.efsnas.checkpoint.CheckpointException;
import io.efsnas.job.RoundReport;
import io.efsnas.job.RoundTask;
import io.efsnas.job.SearchJob;
import io.efsnas.job.SharedJob;
import io.efsnas.job.TrainRound;
import io.efsnas.split.Phase;
import io.efsnas.split.SupernetNode;
import io.efsnas.supernet.DeviceLostException;
import io.efsnas.training.TrainingException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import org.apache.spark.ExceptionFailure;
import org.apache.spark.TaskFailedReason;
import org.apache.spark.TaskKilled;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.resource.ResourceProfile;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.scheduler.SparkListenerTaskStart;
import org.apache.spark.scheduler.TaskInfo;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Trains supernets, a Spark job for each round of each, or several if {@link SharedRounds} have several workers. Jobs are
 * begun as {@link RoundOrder} allows; where there are fewer devices than supernets, Spark queues them, and the round that
 * waits longest starts first. A supernet's next round prefers the executor that still has it in memory, but rather starts
 * elsewhere than waits.
 */
public final class RoundScheduler {

    private static final Logger log = LoggerFactory.getLogger(RoundScheduler.class);
    private static final Duration LONGEST_STOP = Duration.ofMinutes(1);
    private static final int CANCEL_EVERY_MILLIS = 200;
    private static final String SUPERNET_PROPERTY = "efsnas.supernet";
    /** Which of a supernet's tasks it is. */
    private static final String ROUND_PROPERTY = "efsnas.round";
    /** Spark puts it into the logging context of the task, for patterns of log lines. */
    private static final String LOG_PROPERTY = "mdc.supernet";

    private static final Set<String> IN_VAIN = Set.of(
            TrainingException.class.getName(),
            CheckpointException.class.getName(),
            DeviceLostException.class.getName()); // of embedded Spark, since an executor would have ended

    /** What the coordinating thread waits for; supernets are named by their place in {@link #tasks}. */
    private sealed interface Event {}

    private record Begun(int supernet, int round) implements Event {}

    private record Ended(int supernet, RoundReport report) implements Event {}

    private record Failed(int supernet, JobException failure) implements Event {}

    private final JavaSparkContext spark;
    private final SearchJob job;
    private final SharedJob shared;
    private final Optional<ResourceProfile> profile;
    private final Phase phase;
    private final List<List<RoundTask>> tasks;
    private final WorkerPlan workers;
    private final SharedRounds sharedRounds;
    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private final Map<Integer, String> preferredLocations = new HashMap<>();

    /**
     * @param profile what a supernet task requests from Spark; empty for Spark's default
     * @param phase the phase that is trained
     * @param tasks the rounds of each of its supernets in their order
     * @param workers how each supernet is trained
     */
    public RoundScheduler(
            JavaSparkContext spark,
            SearchJob job,
            Optional<ResourceProfile> profile,
            Phase phase,
            List<List<RoundTask>> tasks,
            WorkerPlan workers) {
        this.spark = spark;
        this.job = job;
        this.profile = profile;
        this.phase = phase;
        this.tasks = tasks;
        this.workers = workers;
        this.shared = new SharedJob(spark, job);
        this.sharedRounds = new SharedRounds(spark, shared, profile, workers);
    }

    /**
     * Runs every round that is not done yet.
     *
     * @param done how many rounds of the phase each supernet has done
     * @param ended called on the calling thread after each round, or after all that ended while it was busy, and before
     *     their supernets' next ones
     * @throws JobException if a round fails for good; rounds that were running are broken off after their current
     *     step, with a checkpoint
     */
    public void run(List<Integer> done, Consumer<List<RoundReport>> ended) {
        RoundOrder order = new RoundOrder(phase.rounds(), done, phase.lockstep());
        ExecutorService submitters = Executors.newCachedThreadPool();
        TaskEvents taskEvents = new TaskEvents(job.id());
        spark.sc().addSparkListener(taskEvents);
        try {
            while (!order.allDone()) {
                for (int supernet : order.giveOut()) {
                    RoundTask task = tasks.get(supernet).get(order.roundOf(supernet));
                    Optional<String> location = Optional.ofNullable(preferredLocations.get(supernet));
                    submitters.execute(() -> events.add(submit(supernet, task, location)));
                }
                List<Event> happened = new ArrayList<>(List.of(events.take()));
                events.drainTo(happened);
                handle(happened, order, ended);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while supernets were training", e);
        } finally {
            submitters.shutdown();
            if (!order.allDone()) {
                stop(submitters, taskEvents);
            }
            spark.sc().removeSparkListener(taskEvents);
        }
    }

    /**
     * Cancels all jobs, also those that are only just being begun, and waits until no task is running, though not for
     * ever: an executor may be out of reach.
     */
    private void stop(ExecutorService submitters, TaskEvents taskEvents) {
        boolean interrupted = Thread.interrupted(); // which ends the search, and not its end
        long start = System.nanoTime();
        try {
            do {
                spark.cancelJobsWithTag(job.id());
                Thread.sleep(CANCEL_EVERY_MILLIS);
            } while (!(submitters.isTerminated() && taskEvents.noneRuns())
                    && System.nanoTime() - start < LONGEST_STOP.toNanos());
        } catch (InterruptedException e) {
            interrupted = true;
        } finally {
            submitters.shutdownNow();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void handle(List<Event> happened, RoundOrder order, Consumer<List<RoundReport>> ended) {
        List<RoundReport> reports = new ArrayList<>();
        List<JobException> failures = new ArrayList<>();
        for (Event event : happened) {
            if (event instanceof Begun begun) {
                // Spark's listeners may tell of a begin when the round has ended and the next one is given out.
                if (begun.round() == order.roundOf(begun.supernet())) {
                    order.begun(begun.supernet());
                }
            } else if (event instanceof Ended end) {
                order.ended(end.supernet());
                preferredLocations.put(end.supernet(), end.report().place().preferredLocation());
                reports.add(end.report());
            } else if (event instanceof Failed failed) {
                failures.add(failed.failure());
            }
        }
        if (!reports.isEmpty()) {
            ended.accept(reports);
        }
        if (!failures.isEmpty()) {
            throw failures.get(0);
        }
    }

    private RoundTask task(Begun begun) {
        return tasks.get(begun.supernet()).get(begun.round());
    }

    private String describe(RoundTask task) {
        return "round " + (task.round() + 1) + " of " + phase.toRound() + " of " + SupernetNode.describe(task.node());
    }

    private String describeWithSteps(RoundTask task) {
        return describe(task) + ", steps " + task.fromStep() + " to " + task.toStep();
    }

    /** Runs a round and waits for it. */
    private Event submit(int supernet, RoundTask task, Optional<String> location) {
        String name = SupernetNode.describe(task.node());
        try (JobLabel label = new JobLabel(
                spark, job.id(), "efsnas-" + name.replace(' ', '-'), "training: " + describeWithSteps(task))) {
            spark.setLocalProperty(LOG_PROPERTY, name);
            spark.setLocalProperty(SUPERNET_PROPERTY, Integer.toString(supernet));
            spark.setLocalProperty(ROUND_PROPERTY, Integer.toString(task.round() - phase.fromRound()));
            Optional<RoundReport> together = workers.workers() > 1 ? sharedRounds.run(task) : Optional.empty();
            return new Ended(supernet, together.orElseGet(() -> alone(task, location)));
        } catch (Throwable e) { // of an error, too, the coordinating thread has to hear
            return new Failed(supernet, new JobException(describeWithSteps(task) + ",", e, spark));
        }
    }

    /** A job of one task, which takes the steps that are left, if any are. */
    private RoundReport alone(RoundTask task, Optional<String> location) {
        return PlacedTasks.of(spark, profile, List.of(task), any -> location)
                .map(new TrainRound(shared, spark.sc().longAccumulator(TrainRound.STEP)))
                .collect()
                .get(0);
    }

    /** Notes when a round's task gets a device, which may be long after its job was submitted, and when it fails. */
    private final class TaskEvents extends TaskListener {
        private final Set<Long> running = ConcurrentHashMap.newKeySet();

        TaskEvents(String tag) {
            super(tag);
        }

        boolean noneRuns() {
            return running.isEmpty();
        }

        private Optional<Begun> round(int stage) {
            return job(stage)
                    .filter(job -> job.containsKey(SUPERNET_PROPERTY))
                    .map(job -> new Begun(
                            Integer.parseInt(job.getProperty(SUPERNET_PROPERTY)),
                            Integer.parseInt(job.getProperty(ROUND_PROPERTY))));
        }

        @Override
        public void onTaskStart(SparkListenerTaskStart start) {
            round(start.stageId()).ifPresent(begun -> {
                running.add(start.taskInfo().taskId());
                events.add(begun);
            });
        }

        @Override
        public void onTaskEnd(SparkListenerTaskEnd end) {
            if (end.taskInfo() == null) {
                return;
            }
            running.remove(end.taskInfo().taskId());
            if (end.reason() instanceof TaskFailedReason failure && !(failure instanceof TaskKilled)) {
                round(end.stageId()).ifPresent(begun -> failed(begun, end.taskInfo(), failure));
            }
        }

        /** In one line, without the name of an exception's class. */
        private static String reason(TaskFailedReason failure) {
            String text = failure instanceof ExceptionFailure thrown ? thrown.description() : failure.toErrorString();
            return String.valueOf(text).lines().findFirst().orElse("");
        }

        private void failed(Begun begun, TaskInfo task, TaskFailedReason failure) {
            log.warn(
                    "attempt {} at {} failed on {}: {}",
                    task.attemptNumber() + 1,
                    describe(task(begun)),
                    task.host(),
                    Secrets.hide(LostExecutor.explained(reason(failure)), spark));
            // To try again would end the same way.
            if (failure instanceof ExceptionFailure thrown && IN_VAIN.contains(thrown.className())) {
                String work = describeWithSteps(task(begun)) + ",";
                events.add(new Failed(begun.supernet(), new JobException(work, task.host(), thrown, spark)));
            }
        }
    }
}
