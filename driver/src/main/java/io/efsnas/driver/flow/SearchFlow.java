package io.efsnas.driver.flow;

import io.efsnas.driver.config.SearchConfig;
import io.efsnas.driver.config.TrainingConfig;
import io.efsnas.driver.flow.TrackedRun.Ends;
import io.efsnas.driver.process.Seconds;
import io.efsnas.driver.process.Termination;
import io.efsnas.driver.process.UserMistake;
import io.efsnas.driver.progress.Progress;
import io.efsnas.driver.ranking.Ranking;
import io.efsnas.driver.ranking.RankingFile;
import io.efsnas.driver.report.Report;
import io.efsnas.driver.rule.MeasuredSubnet;
import io.efsnas.driver.run.RunDirectory;
import io.efsnas.driver.run.RunFile;
import io.efsnas.driver.run.RunLease;
import io.efsnas.driver.run.SearchRecord;
import io.efsnas.driver.run.SearchRecord.EngineUsed;
import io.efsnas.driver.run.SearchRecord.State;
import io.efsnas.driver.run.Timings;
import io.efsnas.driver.selection.Selection;
import io.efsnas.driver.spark.GpuProfile;
import io.efsnas.driver.spark.IdleDevices;
import io.efsnas.driver.spark.JobException;
import io.efsnas.driver.spark.JobLabel;
import io.efsnas.driver.spark.Slots;
import io.efsnas.driver.spark.StallWatch;
import io.efsnas.driver.spark.SubnetScoring;
import io.efsnas.driver.tracking.Curves;
import io.efsnas.job.DescribeGpu;
import io.efsnas.job.EngineSetup;
import io.efsnas.job.GpuDescription;
import io.efsnas.job.RoundReport;
import io.efsnas.job.SearchJob;
import io.efsnas.measure.Needs;
import io.efsnas.scoring.SubnetScore;
import io.efsnas.space.Architecture;
import io.efsnas.split.SupernetNode;
import io.efsnas.split.SupernetTree;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.resource.ResourceProfile;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A search from its images to a ranking, a selected architecture and, where that is configured, a model: what an earlier
 * process has not done of it is done, stage by stage.
 */
public final class SearchFlow {

    private static final Logger log = LoggerFactory.getLogger(SearchFlow.class);

    private final SparkSession session;
    private final JavaSparkContext spark;
    private final Configuration hadoop;
    private final SearchPlan plan;
    private final RunDirectory run;
    private final RunDirectory supernetRun;
    private final TrainedRounds trained;
    private final Optional<ResourceProfile> gpus;
    private final EngineChoice engine;
    private final boolean anyEngine;
    private final int threads;
    private final PhaseWorkers workers;
    private final TrackedRun tracked;
    private final TrainingStage trainingStage;
    private final ScoreStore scores;
    private final ScoringStage scoringStage;
    private final MeasuringStage measuringStage;

    private final Progress.Factory progress;
    private final SharedMeasures measures;

    private volatile boolean leaseLost;

    /** With the supernets as far as they are known. */
    private SearchJob job;

    /** Rounds that the supernets of another search have done, so that their checkpoints are not read twice. */
    private Optional<DoneRounds> known = Optional.empty();

    /**
     * Reads the images and prepares a search; nothing is written yet.
     *
     * @throws UserMistake if the configuration does not suit the images or the cluster
     */
    public SearchFlow(SparkSession session, SearchConfig config, RunDirectory run) {
        this(session, config, run, run, false);
    }

    /**
     * One of several searches that run at a time.
     *
     * @param anyEngine whether a search may go on with an engine, threads or natives that give other bits than before
     * @param progress of it
     * @param measures that other searches may have made
     * @throws UserMistake if the configuration does not suit the cluster
     */
    public SearchFlow(
            SparkSession session,
            SearchPlan plan,
            RunDirectory run,
            boolean anyEngine,
            Progress.Factory progress,
            SharedMeasures measures) {
        this(session, plan, run, run, anyEngine, progress, measures);
    }

    /**
     * A search with supernets that another one has trained, or trains itself if it is the same.
     *
     * @param run where the results go
     * @param supernets where the checkpoints are
     * @param anyEngine whether a search may go on with an engine, threads or natives that give other bits than before
     * @throws UserMistake if the configuration does not suit the images or the cluster, or another search
     *     has not trained its supernets to the end
     */
    public SearchFlow(
            SparkSession session, SearchConfig config, RunDirectory run, RunDirectory supernets, boolean anyEngine) {
        this(
                session,
                SearchPlan.load(config, session.sparkContext().hadoopConfiguration()),
                run,
                supernets,
                anyEngine,
                Progress.Factory.HERE,
                SharedMeasures.NONE);
    }

    private SearchFlow(
            SparkSession session,
            SearchPlan plan,
            RunDirectory run,
            RunDirectory supernets,
            boolean anyEngine,
            Progress.Factory progress,
            SharedMeasures measures) {
        this.session = session;
        this.progress = progress;
        this.measures = measures;
        this.spark = JavaSparkContext.fromSparkContext(session.sparkContext());
        this.hadoop = spark.hadoopConfiguration();
        this.plan = plan;
        SearchConfig config = plan.config();
        this.run = run;
        this.supernetRun = supernets;
        this.trained = new TrainedRounds(plan, supernets, hadoop);
        this.gpus = GpuProfile.of(spark.getConf(), config.cluster().gpusPerSupernet());
        String id = UUID.randomUUID().toString();
        this.engine = EngineChoice.of(
                config.supernet(),
                plan.space(),
                plan.engineNeeds(),
                spark.getConf(),
                gpus.isPresent(),
                () -> describeGpu(id));
        this.anyEngine = anyEngine;
        if (config.retrain().enabled()) {
            RetrainStage.choice(plan, spark); // fails before anything has begun
        }
        this.threads = config.supernet().threads().orElseGet(() -> run.search()
                .map(search -> search.engine().threads())
                .orElseGet(this::taskCpus));
        String build = anyEngine ? "" : lastBuild();
        SplitStage split = new SplitStage(plan.trees(), supernets);
        SupernetTree tree = split.known();
        EngineSetup setup = new EngineSetup(
                engine.name(),
                threads,
                GpuProfile.shareOfATask(spark, gpus, config.cluster().gpusPerSupernet()),
                config.supernet().precision(),
                build);
        this.job = plan.job(id, tree, setup, supernets, hadoop);
        this.workers = new PhaseWorkers(
                config.training(),
                run.search().map(SearchRecord::tree).orElse(List.of()),
                () -> Slots.settled(spark, gpus));
        this.tracked = new TrackedRun(plan, run);
        this.trainingStage =
                new TrainingStage(plan, run, new Curves(run, tracked.mlflow()), split, workers, spark, gpus);
        this.scores = new ScoreStore(Optional.of(run), plan);
        this.measuringStage = new MeasuringStage(plan, Optional.of(run), measures, spark, id, threads);
        this.scoringStage = new ScoringStage(plan, tree, scores, measuringStage, run);
        if (otherSupernets().isPresent() && plan.trains()) {
            this.known = Optional.of(trained.requireAll(job.tree()));
        }
    }

    private Optional<GpuDescription> describeGpu(String id) {
        try (JobLabel label = new JobLabel(spark, id, "efsnas-gpu", "a look at an executor's GPU")) {
            return DescribeGpu.ofAnExecutor(spark, gpus);
        }
    }

    /** The engine as the last round had it, empty before the first one. */
    private String lastBuild() {
        List<RoundReport> rounds = supernetRun.search().isEmpty() ? List.of() : supernetRun.rounds();
        return rounds.isEmpty() ? "" : rounds.get(rounds.size() - 1).engine();
    }

    private int taskCpus() {
        return spark.getConf().getInt("spark.task.cpus", 1);
    }

    /**
     * Runs what an earlier process has not done of the search, and writes the results.
     *
     * @throws UserMistake if the run directory holds another search, or no subnet meets the limits
     */
    public Selection run() {
        SearchRecord search = begun();
        Optional<SearchRecord> earlier = run.search();
        earlier.ifPresent(before -> search.requireSame(run, before, anyEngine));
        scores.read();
        measuringStage.read();
        run.write(search);
        log.info("run directory {}", run);
        log.info("engine {}, {} thread(s) per supernet: {}", engine.name(), threads, engine.reason());
        try {
            return tracked.tracking(
                    () -> run(search, earlier), plan.config().retrain().enabled() ? Ends.A_STAGE : Ends.THE_RUN);
        } catch (Exception e) {
            if (leaseLost) {
                throw new IllegalStateException(Termination.Cause.LEASE_LOST.line(), e);
            }
            State state = Termination.cause().isPresent() ? State.STOPPED : State.FAILED;
            writeEnd(search.with(plan.records(job.tree(), workers)).ended(state, e.getMessage()), e);
            throw e;
        }
    }

    /**
     * What the search takes from its beginning, estimated from some steps that its executors take now. Nothing is written.
     *
     * @throws UserMistake if the run directory holds another search
     * @throws JobException if a task fails
     */
    public SearchEstimate estimate() {
        run.search().ifPresent(before -> begun().requireSame(run, before, anyEngine));
        return new DryRun(plan, job, engine, spark, gpus).run();
    }

    private SearchRecord begun() {
        return SearchRecord.begun(
                plan.config(),
                plan.data(),
                EngineUsed.of(engine.name(), threads),
                otherSupernets(),
                plan.records(job.tree(), workers));
    }

    /** Takes the run directory; the jobs of this search, and no others, end when another process has taken it. */
    public RunLease lease() {
        return lease(this::loseLease);
    }

    /**
     * Takes the run directory.
     *
     * @param lost run when another process has taken the directory
     */
    public RunLease lease(Runnable lost) {
        return RunLease.take(run, job.id(), lost);
    }

    /** Another process has taken the run directory: nothing more is to be begun or written. */
    private void loseLease() {
        leaseLost = true;
        spark.cancelJobsWithTag(job.id());
    }

    private void writeEnd(SearchRecord search, Exception failure) {
        try {
            run.write(search);
        } catch (UncheckedIOException | IllegalStateException cannotWrite) { // also where the directory is another's
            failure.addSuppressed(cannotWrite);
        }
    }

    /**
     * @param earlier what an earlier process has written of this search
     */
    private Selection run(SearchRecord begun, Optional<SearchRecord> earlier) {
        Measurements made = measurements(begun);

        run.requireLease();
        Ranking ranking = Ranking.of(plan.space(), made.subnets(), plan.rule());
        log.info("{}", ranking.rankedBy());
        made.reliability().ifPresent(reliability -> run.write(reliability.toRecord(ranking)));
        RankingFile.writeCsv(run.files(), run.path(RunFile.RANKING), ranking);
        RankingFile.writeParetoFront(run.files(), run.path(RunFile.PARETO), ranking);
        Path parquet = run.path(RunFile.RANKING_PARQUET);
        String writing = "ranking: " + parquet.getName();
        try (JobLabel label = new JobLabel(spark, job.id(), "efsnas-ranking", writing)) {
            RankingFile.writeParquet(session, parquet, ranking);
        } catch (Exception e) { // Spark's are checked, and declared nowhere
            throw new JobException("writing " + parquet, e, spark);
        }
        Selection selection = Selection.from(ranking, plan.limits(), plan.scoredImages());
        run.write(selection.toRecord(plan.space(), plan.config().ranking().ruleName()));

        Optional<SearchRecord> complete = earlier.filter(before -> before.complete()
                && trainingStage.ranNow().isEmpty()
                && scores.reports().isEmpty());
        if (complete.isPresent()) {
            run.write(complete.get()); // all that the results come from is told there
        } else {
            run.write(begun.with(plan.records(job.tree(), workers))
                    .completed(Timings.of(
                            Slots.of(spark, gpus),
                            made.trainingWall(),
                            made.measuringWall(),
                            trainingStage.ranNow(),
                            scores.reports())));
        }
        Report.write(run);
        return selection;
    }

    private Measurements measurements(SearchRecord begun) {
        try {
            return plan.trains() ? trainedAndScored(begun) : measuredWithoutSupernets();
        } finally {
            scores.writeRest();
        }
    }

    /**
     * What was measured of all subnets.
     *
     * @param reliability the reliability of the accuracies, if supernets were trained
     * @param trainingWall seconds that training took
     * @param measuringWall seconds that measuring took
     */
    private record Measurements(
            List<MeasuredSubnet> subnets,
            Optional<Reliability> reliability,
            double trainingWall,
            double measuringWall) {}

    private Measurements trainedAndScored(SearchRecord begun) {
        DoneRounds done = known.orElseGet(() -> trained.resumed(job.tree()));
        try (Progress told = progress(done);
                StallWatch watch = watch()) {
            long start = System.nanoTime();
            int furthest = -1;
            while (true) {
                try {
                    train(done, told, begun);
                    long trainedAt = System.nanoTime();
                    List<MeasuredSubnet> scored = scoringStage.run(
                            job.tree(), Optional.of(scoring(training().steps())), told);
                    Reliability reliability = reliability(scored);
                    return new Measurements(
                            scored,
                            Optional.of(reliability),
                            Seconds.ofNanos(trainedAt - start),
                            Seconds.since(trainedAt));
                } catch (JobException e) {
                    furthest = goingBack(e, furthest);
                    done = trained.resumed(job.tree());
                }
            }
        }
    }

    /** Devices that it leaves idle measure and score meanwhile, unless other searches have work for them. */
    private void train(DoneRounds done, Progress told, SearchRecord begun) {
        try (IdleDevices idle = new IdleDevices(spark, job.id(), () -> measures.alone() ? Slots.of(spark, gpus) : 0)) {
            idle.add(scoringStage.beforeTraining(job.tree()));
            trainingStage.run(
                    job,
                    done,
                    told,
                    tree -> grow(tree, begun),
                    idle,
                    ended -> scoringStage.afterTraining(
                            job.tree(), ended, scoring(training().steps())));
            idle.await();
        }
    }

    private Measurements measuredWithoutSupernets() {
        log.info(
                "no supernet is trained: what ranks, {}, needs none{}",
                String.join(", ", plan.rule().columns()),
                plan.measures().need(Needs.TRAINABLE) ? "; networks are trained by themselves" : "");
        long start = System.nanoTime();
        try (Progress told = progress.begin(0, 0);
                StallWatch watch = watch()) {
            List<MeasuredSubnet> measured = scoringStage.run(job.tree(), Optional.empty(), told);
            return new Measurements(measured, Optional.empty(), 0, Seconds.since(start));
        }
    }

    private StallWatch watch() {
        return new StallWatch(
                spark.sc(), job.id(), Duration.ofSeconds(plan.config().cluster().stalledAfter()));
    }

    private Reliability reliability(List<MeasuredSubnet> scored) {
        ReliabilityCheck check = new ReliabilityCheck(plan, job.tree(), scored);
        List<Architecture> sample = check.sample();
        return check.of(scores(training().rounds(), sample), scoresByEarlierCheckpoint(sample));
    }

    /** The tree has grown by a split. */
    private void grow(SupernetTree tree, SearchRecord begun) {
        job = job.with(tree);
        run.write(begun.with(plan.records(tree, workers)));
    }

    /**
     * The last stage, where it is configured: trains the selected architecture, or the first of the ranking, from scratch.
     *
     * @return what to tell the user of it
     */
    public Optional<String> retrain(Selection selection) {
        if (!plan.config().retrain().enabled()) {
            return Optional.empty();
        }
        run.requireLease();
        RetrainStage stage = new RetrainStage(session, plan, run, tracked.mlflow(), job.id());
        return Optional.of(tracked.tracking(
                () -> {
                    String result = plan.config().retrain().finalists().areSeveral()
                            ? stage.runFinalists(run)
                            : stage.run(selection.subnet().architecture());
                    Report.write(run);
                    return result;
                },
                Ends.THE_RUN));
    }

    /** Scores architectures with the supernets of a search that has been trained, and ranks them by its rule. */
    public Ranking score(List<Architecture> architectures) {
        if (!plan.trains()) {
            throw new UserMistake(supernetRun + " has no trained supernets: ranking.rule = "
                    + plan.config().ranking().ruleName() + " needs none; measure architectures by efsnas measure");
        }
        trained.requireAll(job.tree());
        requireServed(architectures);
        long step = training().steps();
        List<SubnetScore> made =
                new ScoreStore(Optional.empty(), plan).scores(scoring(step), step, architectures, (tasks, of) -> {});
        MeasuringStage measuring =
                new MeasuringStage(plan, Optional.empty(), SharedMeasures.NONE, spark, job.id(), threads);
        return Ranking.of(plan.space(), measuring.scored(job.tree(), made), plan.rule());
    }

    private void requireServed(List<Architecture> architectures) {
        architectures.stream()
                .filter(architecture -> !job.tree().serves(architecture))
                .findFirst()
                .ifPresent(architecture -> {
                    throw new UserMistake(plan.notServed(supernetRun.toString(), job.tree(), architecture));
                });
    }

    /**
     * Scores by the checkpoints before the last; nothing is scored if one of the supernets has none, or took no step since,
     * as both are then the same.
     */
    private List<SubnetScore> scoresByEarlierCheckpoint(List<Architecture> architectures) {
        int rounds = training().rounds() - 1;
        boolean there = rounds > 0
                && supernetRun.rounds().stream()
                        .filter(report -> report.round() == rounds)
                        .noneMatch(report -> report.metrics().steps() == 0)
                && (scores.has(training().stepsUpTo(rounds), job.tree(), architectures)
                        || trained.leavesHaveDone(job.tree(), rounds));
        return there ? scores(rounds, architectures) : List.of();
    }

    /** Scores by the supernets as they were after some rounds. */
    private List<SubnetScore> scores(int rounds, List<Architecture> architectures) {
        long step = training().stepsUpTo(rounds);
        return scores.scores(scoring(step), step, architectures, (tasks, of) -> {});
    }

    private TrainingConfig training() {
        return plan.config().training();
    }

    /** The run directory that has trained the supernets, if it is not this search's own. */
    private Optional<String> otherSupernets() {
        return Optional.of(supernetRun).filter(other -> other != run).map(RunDirectory::toString);
    }

    public SearchPlan plan() {
        return plan;
    }

    /**
     * Lets the search go on from what is left, as a new process would, if what failed is that a checkpoint is lost.
     *
     * @param furthest rounds of all supernets that were left when it went back before; it has to get further each time
     * @return rounds of all supernets that are left now
     * @throws JobException the failure, if it is another one, or it got no further
     */
    private int goingBack(JobException failure, int furthest) {
        if (!failure.checkpointLost()) {
            throw failure;
        }
        int left = trained.of(job.tree()).total();
        if (left <= furthest) {
            throw failure;
        }
        log.warn("{}; going back to the previous checkpoint", failure.getMessage());
        return left;
    }

    /** Scoring by the supernets as they were after some steps. */
    private SubnetScoring scoring(long step) {
        return new SubnetScoring(spark, job, gpus, step, plan.scoringImages(), plan.trainedMeasures());
    }

    private Progress progress(DoneRounds done) {
        long stepsDone = job.tree().nodes().stream()
                .mapToLong(node -> stepsDone(node, done))
                .sum();
        return progress.begin(plan.trees().steps(), stepsDone);
    }

    private long stepsDone(SupernetNode node, DoneRounds done) {
        int rounds = done.of(node);
        return rounds == 0 ? 0 : plan.rounds(node).get(rounds - 1).toStep() - node.firstStep();
    }
}
