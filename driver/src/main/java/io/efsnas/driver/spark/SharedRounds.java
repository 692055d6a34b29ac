package io.efsnas.driver.spark;

import io.efsnas.checkpoint.RoundProgress;
import io.efsnas.job.AverageWorkers;
import io.efsnas.job.AveragingReport;
import io.efsnas.job.EndRound;
import io.efsnas.job.RoundReport;
import io.efsnas.job.RoundTask;
import io.efsnas.job.SearchJob;
import io.efsnas.job.SharedJob;
import io.efsnas.job.TaskPlace;
import io.efsnas.job.TrainRound;
import io.efsnas.job.TrainShare;
import io.efsnas.job.WorkerPart;
import io.efsnas.job.WorkerReport;
import io.efsnas.job.WorkerShare;
import io.efsnas.job.WorkerTask;
import io.efsnas.network.Weight;
import io.efsnas.space.SpaceWeights;
import io.efsnas.split.SupernetNode;
import io.efsnas.training.RoundMetrics;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.resource.ResourceProfile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Rounds of supernets that several workers train at a time: a Spark job for each interval after which the workers are
 * averaged. Its first stage has a task for each worker, which takes steps from what all have in common. The shuffle brings
 * each tensor of all workers to one task of the second stage, which averages it and writes it to the checkpoints, from where
 * the next interval begins. So nothing of it passes the driver; each worker reads and writes the supernet once; a worker that
 * dies, or all of them, lose the steps of one interval; and any number of executors, one after another if need be, gives
 * the same bits. Safe for use by several threads.
 */
final class SharedRounds {

    private static final Logger log = LoggerFactory.getLogger(SharedRounds.class);

    /** About how many values a task averages: 4 MB of each worker. */
    private static final int VALUES_OF_A_PART = 1 << 20;

    private final JavaSparkContext spark;
    private final SharedJob shared;
    private final SearchJob job;
    private final Optional<ResourceProfile> profile;
    private final WorkerPlan plan;
    /** By supernet and worker. */
    private final Map<String, String> preferredLocations = new ConcurrentHashMap<>();

    /**
     * @param profile what a supernet task requests from Spark; empty for Spark's default
     */
    SharedRounds(JavaSparkContext spark, SharedJob shared, Optional<ResourceProfile> profile, WorkerPlan plan) {
        this.spark = spark;
        this.shared = shared;
        this.job = shared.job();
        this.profile = profile;
        this.plan = plan;
    }

    /**
     * Takes the steps that are left of a round, in jobs of the calling thread.
     *
     * @return empty if none were left
     */
    Optional<RoundReport> run(RoundTask task) {
        List<List<RoundReport>> shares = new ArrayList<>();
        RoundProgress round = job.begun(task);
        for (long to : plan.averagings(task.fromStep(), task.toStep())) {
            if (to > round.step()) {
                AveragingReport averaged = average(task, round, to);
                round = averaged.round();
                shares.add(averaged.workers());
            }
        }
        RoundProgress ended = spark.parallelize(List.of(task), 1)
                .map(new EndRound(shared))
                .collect()
                .get(0);
        return shares.isEmpty() ? Optional.empty() : Optional.of(report(task, ended, shares));
    }

    private AveragingReport average(RoundTask task, RoundProgress begun, long to) {
        int workers = (int) Math.min(plan.workers(), to - begun.step());
        int parts = parts(job.tree().node(task.node()), workers);
        JavaRDD<WorkerTask> tasks = PlacedTasks.of(
                spark,
                profile,
                IntStream.range(0, workers)
                        .mapToObj(worker -> new WorkerTask(task, begun.step(), to, worker, workers))
                        .toList(),
                this::location);
        JavaPairRDD<WorkerPart, WorkerShare> learned = tasks.flatMapToPair(
                        new TrainShare(shared, parts, spark.sc().longAccumulator(TrainRound.STEP)))
                .repartitionAndSortWithinPartitions(new WorkerPart.ByPart(parts));
        try {
            AveragingReport averaged = learned.mapPartitions(new AverageWorkers(shared, task.node(), parts, begun))
                    .collect()
                    .get(0);
            for (int worker = 0; worker < workers; worker++) {
                preferredLocations.put(
                        key(task.node(), worker),
                        averaged.workers().get(worker).place().preferredLocation());
            }
            return averaged;
        } finally {
            learned.rdd().cleanShuffleDependencies(false); // else its files stay until the driver collects garbage
        }
    }

    private Optional<String> location(WorkerTask task) {
        return Optional.ofNullable(preferredLocations.get(key(task.round().node(), task.worker())));
    }

    private static String key(String node, int worker) {
        return node + " " + worker;
    }

    /** How many tasks average a supernet. */
    private int parts(SupernetNode node, int workers) {
        long values = 2
                * SpaceWeights.of(job.tree().space(), node.size()).all().stream()
                        .mapToLong(Weight::size)
                        .sum();
        return (int) Math.min(workers, 1 + values / VALUES_OF_A_PART);
    }

    /** @param shares what the workers did, interval by interval */
    private RoundReport report(RoundTask task, RoundProgress ended, List<List<RoundReport>> shares) {
        List<RoundReport> all = shares.stream().flatMap(List::stream).toList();
        RoundReport first = all.get(0);
        List<WorkerReport> workers = workers(shares);
        SlowWorkers.in(workers).forEach(line -> log.warn("{}: {}", SupernetNode.describe(task.node()), line));
        return new RoundReport(
                task.round(),
                first.begun(),
                RoundMetrics.of(
                        job.tree().node(task.node()), ended, job.plan().scheme().create()),
                first.place(),
                first.engine(),
                first.threads(),
                all.stream().anyMatch(RoundReport::restored),
                all.stream().mapToDouble(RoundReport::preparationSeconds).sum(),
                first.deviceShare(),
                workers);
    }

    private static List<WorkerReport> workers(List<List<RoundReport>> shares) {
        record Key(int worker, TaskPlace place) {}
        Map<Key, WorkerReport> byPlace = new LinkedHashMap<>();
        for (List<RoundReport> interval : shares) {
            for (int worker = 0; worker < interval.size(); worker++) {
                RoundReport share = interval.get(worker);
                byPlace.merge(new Key(worker, share.place()), WorkerReport.of(worker, share), WorkerReport::plus);
            }
        }
        return List.copyOf(byPlace.values());
    }
}
