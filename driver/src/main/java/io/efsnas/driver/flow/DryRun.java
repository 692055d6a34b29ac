package io.efsnas.driver.flow;

import io.efsnas.driver.config.CheckpointsConfig;
import io.efsnas.driver.flow.SearchEstimate.Stages;
import io.efsnas.driver.spark.JobException;
import io.efsnas.driver.spark.JobLabel;
import io.efsnas.driver.spark.Slots;
import io.efsnas.job.ScoreTask;
import io.efsnas.job.ScoringImages;
import io.efsnas.job.SearchJob;
import io.efsnas.job.SharedJob;
import io.efsnas.job.SupernetTiming;
import io.efsnas.job.TimeSupernet;
import io.efsnas.measure.Measures;
import io.efsnas.measure.Needs;
import io.efsnas.random.KeyedRandom;
import io.efsnas.random.KeyedRandom.Purpose;
import io.efsnas.space.Architecture;
import io.efsnas.split.SupernetNode;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.resource.ResourceProfile;

/**
 * Does a little of each stage of a search on its executors, and estimates from it what the whole search takes. Nothing is
 * written.
 */
final class DryRun {

    /** Subnets that are scored at a time in the timed task; a search scores up to twice as many. */
    private static final int SCORED = 32;

    private static final int MEASURED = 6;
    private static final int DRAWN = 200;
    private static final long BYTES_OF_A_WEIGHT_AND_ITS_MOMENTUM = 8;

    private final SearchPlan plan;
    private final SearchJob job;
    private final EngineChoice engine;
    private final JavaSparkContext spark;
    private final Optional<ResourceProfile> gpus;
    private final TrainingCosts costs;

    /**
     * @param gpus what a supernet task requests from Spark; empty for Spark's default
     */
    DryRun(
            SearchPlan plan,
            SearchJob job,
            EngineChoice engine,
            JavaSparkContext spark,
            Optional<ResourceProfile> gpus) {
        this.plan = plan;
        this.job = job;
        this.engine = engine;
        this.spark = spark;
        this.gpus = gpus;
        this.costs = new TrainingCosts(plan);
    }

    /**
     * Times and estimates.
     *
     * @throws JobException if a task fails, as the search would
     */
    SearchEstimate run() {
        try (JobLabel label = new JobLabel(spark, job.id(), "efsnas-dry-run", "steps that are timed")) {
            List<SupernetTiming> supernets = plan.trains() ? timed() : List.of();
            boolean trials = plan.measures().need(Needs.TRAINABLE);
            List<SupernetTiming> steps = supernets.isEmpty() && trials ? timed() : supernets;
            int devices = Slots.of(spark, gpus);
            Map<String, Double> step =
                    steps.stream().collect(Collectors.toMap(SupernetTiming::node, SupernetTiming::step));
            long scored = plan.rankedAbout();
            return new SearchEstimate(
                    engine.name() + ": " + engine.reason(),
                    devices,
                    supernets,
                    supernets.isEmpty() ? 0 : checkpoints(),
                    scored,
                    new Stages(
                            supernets.isEmpty()
                                    ? OptionalDouble.empty()
                                    : OptionalDouble.of(costs.seconds(devices, step)),
                            supernets.isEmpty()
                                    ? OptionalDouble.empty()
                                    : OptionalDouble.of(scoring(supernets, scored) / devices),
                            measuring(scored, trials ? costs.ofOneSubnet(step) / devices : 0),
                            new RetrainTiming(plan, spark).run(costliest())));
        }
    }

    /** What takes steps of each supernet that is known, side by side as the search does. */
    private List<SupernetTiming> timed() {
        List<ScoreTask> tasks = plan.knownTree().nodes().stream()
                .map(node -> new ScoreTask(
                        node.id(),
                        0,
                        drawn(node, SCORED),
                        new ScoringImages(plan.scoringBatch(), plan.scoringBatch(), 0),
                        plan.trainedMeasures()))
                .toList();
        JavaRDD<ScoreTask> input = spark.parallelize(tasks, tasks.size());
        try {
            return gpus.map(input::withResources)
                    .orElse(input)
                    .map(new TimeSupernet(new SharedJob(spark, job)))
                    .collect();
        } catch (Exception e) { // Spark's are checked, and declared nowhere
            throw new JobException("timing supernets", e, spark);
        }
    }

    private List<Architecture> drawn(SupernetNode node, int number) {
        SplittableRandom random = KeyedRandom.of(plan.config().seed(), Purpose.SCORED_SUBNETS, node.key());
        return Stream.generate(() -> node.subspace().sample(random))
                .limit(number)
                .toList();
    }

    private long checkpoints() {
        CheckpointsConfig kept = plan.config().checkpoints();
        return plan.knownTree().nodes().stream()
                .mapToLong(
                        node -> kept.keep() * BYTES_OF_A_WEIGHT_AND_ITS_MOMENTUM * plan.supernetParameters(node.size()))
                .sum();
    }

    /** Seconds of one device. */
    private double scoring(List<SupernetTiming> supernets, long scored) {
        int batches = (plan.scoredImages() + plan.scoringBatch() - 1) / plan.scoringBatch();
        List<String> leaves = costs.leaves().stream().map(SupernetNode::id).toList();
        int again = plan.config().scoring().repeatedArchitectures() * leaves.size();
        double recalibrating = (double) plan.scoringImages().recalibration()
                * plan.config().training().batch()
                / plan.scoringBatch();
        double images = mean(supernets, leaves, SupernetTiming::scoredBatch) * (batches + recalibrating);
        return (scored + Math.min(again, scored)) * images + scored * mean(supernets, leaves, SupernetTiming::measured);
    }

    private static double mean(
            List<SupernetTiming> supernets, List<String> leaves, ToDoubleFunction<SupernetTiming> value) {
        return supernets.stream()
                .filter(timing -> leaves.contains(timing.node()))
                .mapToDouble(value)
                .average()
                .orElseThrow();
    }

    /**
     * @param trialStep seconds in which all devices together take a step of a network that is trained by itself
     */
    private OptionalDouble measuring(long scored, double trialStep) {
        Measures untrained = plan.measures().needing(EnumSet.complementOf(EnumSet.of(Needs.TRAINABLE, Needs.TRAINED)));
        double trials = costs.trials() * costs.stepsOfATrial() * trialStep;
        if (untrained.ofNetworks().columns().isEmpty()) {
            return trials > 0 ? OptionalDouble.of(trials) : OptionalDouble.empty();
        }
        Measuring measuring =
                new Measuring(plan, untrained, Optional.of(job.engine().threads()));
        List<SupernetNode> leaves = costs.leaves();
        List<Architecture> some = leaves.stream()
                .flatMap(leaf -> drawn(leaf, 1 + MEASURED / leaves.size()).stream())
                .toList();
        return OptionalDouble.of(trials + networks(scored) * measuring.secondsOfOne(some, spark));
    }

    /** How many different networks are measured at most. */
    private long networks(long scored) {
        return plan.knownToBeScored()
                .map(all -> all.stream().map(plan.space()::live).distinct().count())
                .orElse(scored);
    }

    /** The costliest of some architectures within the limits. */
    private Optional<Architecture> costliest() {
        return costs.leaves().stream()
                .flatMap(leaf -> drawn(leaf, DRAWN).stream())
                .filter(architecture -> plan.limits().ofCosts().metBy(column -> plan.cost(architecture, column)))
                .max(Comparator.comparingLong(
                        architecture -> plan.liveCost(architecture).flops()));
    }
}
