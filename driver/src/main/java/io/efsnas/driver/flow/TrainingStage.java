package io.efsnas.driver.flow;

import io.efsnas.driver.progress.Progress;
import io.efsnas.driver.run.RunDirectory;
import io.efsnas.driver.spark.GpuProfile;
import io.efsnas.driver.spark.IdleDevices;
import io.efsnas.driver.spark.JobException;
import io.efsnas.driver.spark.RoundScheduler;
import io.efsnas.driver.spark.SupernetProbing;
import io.efsnas.driver.spark.WorkerPlan;
import io.efsnas.driver.tracking.Curves;
import io.efsnas.job.EngineSetup;
import io.efsnas.job.RoundReport;
import io.efsnas.job.SearchJob;
import io.efsnas.split.Probe;
import io.efsnas.split.SupernetNode;
import io.efsnas.split.SupernetTree;
import io.efsnas.supernet.Engine;
import io.efsnas.supernet.Precision;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.resource.ResourceProfile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The stage of a search that trains its supernets, phase by phase, and splits them in between. */
final class TrainingStage {

    private static final Logger log = LoggerFactory.getLogger(TrainingStage.class);

    private final SearchPlan plan;
    private final RunDirectory run;
    private final Curves curves;
    private final SplitStage split;
    private final PhaseWorkers workers;
    private final JavaSparkContext spark;
    private final Optional<ResourceProfile> gpus;
    private final List<RoundReport> ranNow = new ArrayList<>();

    /**
     * @param run where the reports of rounds go
     * @param gpus what a supernet task requests from Spark; empty for Spark's default
     */
    TrainingStage(
            SearchPlan plan,
            RunDirectory run,
            Curves curves,
            SplitStage split,
            PhaseWorkers workers,
            JavaSparkContext spark,
            Optional<ResourceProfile> gpus) {
        this.plan = plan;
        this.run = run;
        this.curves = curves;
        this.split = split;
        this.workers = workers;
        this.spark = spark;
        this.gpus = gpus;
    }

    /**
     * Runs the rounds that are not done yet.
     *
     * @param done the rounds that are done
     * @param known called with the tree when a supernet was split or chosen, or the number of workers was decided
     * @param idle does what can be done beside it
     * @param afterwards what that is once a supernet of the last phase has ended its training
     * @return the tree with all supernets
     * @throws JobException if a round or a measurement fails for good
     */
    SupernetTree run(
            SearchJob job,
            DoneRounds done,
            Progress progress,
            Consumer<SupernetTree> known,
            IdleDevices idle,
            Function<SupernetNode, List<Runnable>> afterwards) {
        List<RoundReport> rounds = new ArrayList<>(run.rounds().stream()
                .filter(report -> done.has(report.metrics().node(), report.round()))
                .toList());
        SupernetTree tree = job.tree();
        for (PlannedPhase phase : plan.trees().phases()) {
            SearchJob now = job.with(tree);
            SupernetTree before = tree;
            List<SupernetNode> nodes = tree.in(phase.phase());
            WorkerPlan together = workers.of(phase.phase(), nodes, () -> known.accept(before));
            Deque<SupernetNode> training = new ArrayDeque<>(nodes);
            training.removeIf(node -> done.of(node) == phase.phase().rounds());
            idle.busy(training.size() * together.workers());
            new RoundScheduler(
                            spark,
                            now,
                            gpus,
                            phase.phase(),
                            nodes.stream().map(plan::rounds).toList(),
                            together)
                    .run(nodes.stream().map(done::of).toList(), ended -> {
                        run.requireLease();
                        ranNow.addAll(ended);
                        rounds.addAll(ended);
                        run.writeRounds(rounds);
                        for (RoundReport report : ended) {
                            SupernetNode node = before.node(report.metrics().node());
                            writeCurves(now, node, rounds);
                            progress.roundEnded(report, phase.phase().toRound());
                            if (report.round() == phase.phase().toRound() - 1) {
                                training.remove(node);
                                idle.busy(training.size() * together.workers());
                                boolean scores = phase.splitter().isEmpty()
                                        && phase.choice().isEmpty();
                                idle.add(scores ? afterwards.apply(node) : List.of());
                            }
                        }
                    });
            idle.busy(Integer.MAX_VALUE);
            SupernetTree chosen =
                    split.choose(tree, phase, (candidates, choice) -> new ChoiceScoring(plan, spark, now, gpus)
                            .scores(candidates, choice));
            tree = told(tree, chosen, known);
            SupernetTree after = split.run(
                    tree, phase, (unsplit, probe) -> probing(now, probe).measure(unsplit, probe));
            tree = told(tree, after, known);
        }
        return tree;
    }

    /** Supernets that their own engine lets nobody look into are computed by another one, from their checkpoints. */
    private SupernetProbing probing(SearchJob now, Probe probe) {
        String training = now.engine().name();
        if (!probe.needsInspection() || Engine.named(training).inspects()) {
            return new SupernetProbing(spark, now, gpus);
        }
        EngineChoice choice = EngineChoice.forProbing(training, spark.getConf(), gpus.isPresent());
        log.info("the engine {} measures for the split: {}", choice.name(), choice.reason());
        Optional<ResourceProfile> profile = choice.profile(gpus);
        EngineSetup setup = new EngineSetup(
                choice.name(),
                now.engine().threads(),
                GpuProfile.shareOfATask(spark, profile, plan.config().cluster().gpusPerSupernet()),
                Precision.FLOAT32,
                "");
        return new SupernetProbing(spark, now.with(setup), profile);
    }

    private static SupernetTree told(SupernetTree before, SupernetTree after, Consumer<SupernetTree> known) {
        if (after != before) {
            known.accept(after);
        }
        return after;
    }

    private void writeCurves(SearchJob job, SupernetNode node, List<RoundReport> rounds) {
        curves.writeRounds(
                node.id(),
                rounds.stream()
                        .filter(report -> report.metrics().node().equals(node.id()))
                        .toList(),
                report -> job.plan().learningRate(node, report.metrics().lastStep()));
    }

    /** The reports of the rounds that this process has run. */
    List<RoundReport> ranNow() {
        return ranNow;
    }
}
