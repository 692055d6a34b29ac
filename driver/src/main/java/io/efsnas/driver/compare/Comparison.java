package io.efsnas.driver.compare;

import io.efsnas.driver.config.CompareConfig;
import io.efsnas.driver.flow.SearchFlow;
import io.efsnas.driver.flow.SharedMeasures;
import io.efsnas.driver.process.Seconds;
import io.efsnas.driver.process.Termination;
import io.efsnas.driver.process.UserMistake;
import io.efsnas.driver.progress.ComparisonProgress;
import io.efsnas.driver.report.Report;
import io.efsnas.driver.rule.Columns;
import io.efsnas.driver.run.ComparisonRecord;
import io.efsnas.driver.run.ComparisonRecord.Devices;
import io.efsnas.driver.run.ComparisonRecord.Quality;
import io.efsnas.driver.run.ComparisonRecord.Result;
import io.efsnas.driver.run.ComparisonRecord.State;
import io.efsnas.driver.run.ModelRecord;
import io.efsnas.driver.run.Producer.Versions;
import io.efsnas.driver.run.RunDirectory;
import io.efsnas.driver.run.RunLease;
import io.efsnas.driver.run.SearchRecord;
import io.efsnas.driver.run.SelectionRecord;
import io.efsnas.driver.spark.DeviceUse;
import io.efsnas.driver.spark.GpuProfile;
import io.efsnas.driver.spark.Slots;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * Strategies compared at the same cost: each strategy searches with each seed, in a run directory of its own below that of
 * the comparison. Several searches are under way at a time, so that a device finds work as long as any search has some. What
 * an earlier process has not done is done; a search that fails does not stop the others.
 */
public final class Comparison {

    private static final Logger log = LoggerFactory.getLogger(Comparison.class);

    /** What log lines of a search begin with. */
    private static final String LOG_KEY = "search";

    /** A little longer than a search waits for its tasks to end. */
    private static final Duration LONGEST_END = Duration.ofSeconds(75);

    private final SparkSession session;
    private final JavaSparkContext spark;
    private final RunDirectory run;
    private final boolean anyEngine;
    private final ComparisonPlan plan;
    private final Optional<ComparisonRecord.Table> table;
    private final List<Quality> baselines;
    private final int slots;
    private final int atATime;
    private final Map<String, SharedMeasures> measures;
    private final Map<String, ComparisonRecord.Search> states = new LinkedHashMap<>();

    /**
     * Prepares a comparison; nothing is written yet.
     *
     * @param run the directory of the comparison
     * @param anyEngine whether searches may go on with an engine, threads or natives that give other bits than before
     * @throws UserMistake if a strategy cannot be run as it is configured
     */
    public Comparison(SparkSession session, CompareConfig config, RunDirectory run, boolean anyEngine) {
        this.session = session;
        this.spark = JavaSparkContext.fromSparkContext(session.sparkContext());
        this.run = run;
        this.anyEngine = anyEngine;
        this.plan = ComparisonPlan.of(config, run);
        this.table = plan.truth().map(TrueAccuracies::toRecord);
        this.baselines = plan.truth()
                .map(truth -> truth.baselines(plan.own().finalSize()))
                .orElse(List.of());
        this.slots = Slots.settled(
                spark,
                GpuProfile.of(spark.getConf(), plan.own().config().cluster().gpusPerSupernet()));
        this.atATime = config.atATime().orElse(slots + 1);
        this.measures = sharedMeasures();
    }

    /** By seed and what decides the measures. */
    private Map<String, SharedMeasures> sharedMeasures() {
        return plan.searches().stream()
                .collect(Collectors.groupingBy(
                        Comparison::measured,
                        Collectors.collectingAndThen(
                                Collectors.mapping(search -> run.of(search.name()), Collectors.toList()),
                                SharedMeasures::new)));
    }

    private static String measured(ComparedSearch search) {
        return search.config().seed() + " " + search.measured();
    }

    /** How far a search has come, if the comparison had it before. */
    private ComparisonRecord.Search resumed(ComparedSearch search, Optional<ComparisonRecord.Search> earlier) {
        RunDirectory directory = run.of(search.name());
        Optional<SearchRecord> found = directory.search();
        found.ifPresent(record -> record.requireSame(directory, search.config()));
        double seconds = earlier.map(ComparisonRecord.Search::deviceSeconds).orElse(0.0);
        if (found.filter(SearchRecord::complete).isEmpty()) {
            return search.waiting().with(State.WAITING, seconds, null, null);
        }
        Result result = earlier.map(ComparisonRecord.Search::result).orElseGet(() -> result(directory));
        return search.waiting().with(State.COMPLETE, seconds, null, result);
    }

    /**
     * Runs the searches that are not complete yet; this process must have the lease.
     *
     * @return what all have found; some may have failed
     * @throws UserMistake if the directory has a search that differs from one of the comparison, or another table judged
     */
    public ComparisonRecord run() {
        Optional<ComparisonRecord> earlier = run.comparison();
        earlier.flatMap(comparison -> Optional.ofNullable(comparison.table()))
                .filter(other -> !table.equals(Optional.of(other)))
                .ifPresent(other -> {
                    throw new UserMistake("the comparison in " + run + " was judged by " + other.path()
                            + " as it was then; use another run directory for another table");
                });
        Map<String, ComparisonRecord.Search> before = earlier.stream()
                .flatMap(comparison -> comparison.searches().stream())
                .collect(Collectors.toMap(ComparisonRecord.Search::name, Function.identity()));
        plan.searches()
                .forEach(search ->
                        states.put(search.name(), resumed(search, Optional.ofNullable(before.get(search.name())))));
        List<ComparedSearch> left = plan.searches().stream()
                .filter(search -> states.get(search.name()).state() != State.COMPLETE)
                .sorted(Comparator.comparingDouble(
                                (ComparedSearch search) -> search.allotment().inARow())
                        .reversed())
                .toList();
        log.info(
                "comparison {}: {} searches, each at the cost of {} training steps of one subnet; {} are complete",
                run,
                plan.searches().size(),
                Math.round(plan.cost()),
                plan.searches().size() - left.size());
        if (left.isEmpty() && earlier.isPresent()) {
            return write(
                    earlier.get().begun(), earlier.get().ended(), earlier.get().devices());
        }
        String begun = Instant.now().toString();
        write(begun, null, null);
        plan.common().forEach(architectures -> architectures.write(run));
        return run(left, begun);
    }

    private ComparisonRecord run(List<ComparedSearch> left, String begun) {
        long start = System.nanoTime();
        ExecutorService threads = Executors.newFixedThreadPool(atATime);
        try (DeviceUse use = new DeviceUse(spark);
                ComparisonProgress progress = new ComparisonProgress(
                        left.size(),
                        left.stream()
                                .mapToDouble(search -> search.allotment().costInRounds())
                                .sum())) {
            ExecutorCompletionService<ComparisonRecord.Search> ended = new ExecutorCompletionService<>(threads);
            for (ComparedSearch search : left) {
                ComparisonRecord.Search before = states.get(search.name()); // which this thread alone reads and changes
                ended.submit(() -> search(search, before, use, progress));
            }
            for (int i = 0; i < left.size(); i++) {
                ComparisonRecord.Search search = ended.take().get();
                states.put(search.name(), search);
                progress.searchEnded();
                write(begun, null, new Devices(slots, Seconds.since(start), use.seconds()));
            }
            if (Termination.cause().isPresent()) {
                throw new IllegalStateException(Termination.cause().get().line());
            }
            return write(begun, Instant.now().toString(), new Devices(slots, Seconds.since(start), use.seconds()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while strategies were compared", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } finally {
            end(threads);
        }
    }

    /** Waits for searches that are broken off until they have written their checkpoints, though not for ever. */
    private static void end(ExecutorService threads) {
        threads.shutdownNow();
        boolean interrupted = Thread.interrupted();
        try {
            if (!threads.awaitTermination(LONGEST_END.toSeconds(), TimeUnit.SECONDS)) {
                log.warn("not all searches have ended within {} s", LONGEST_END.toSeconds());
            }
        } catch (InterruptedException e) {
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Runs a search, and gives what became of it. */
    private ComparisonRecord.Search search(
            ComparedSearch search, ComparisonRecord.Search before, DeviceUse use, ComparisonProgress progress) {
        if (Termination.cause().isPresent()) {
            return before;
        }
        MDC.put(LOG_KEY, search.name());
        use.count(search.name());
        RunDirectory directory = run.of(search.name());
        State state;
        String failure = null;
        Result result = null;
        try {
            SearchFlow flow = new SearchFlow(
                    session,
                    plan.own().with(search.config(), spark.hadoopConfiguration()),
                    directory,
                    anyEngine,
                    progress.search(search.allotment().costInRounds()),
                    measures.get(measured(search)));
            try (RunLease lease = flow.lease()) {
                flow.retrain(flow.run());
                result = result(directory);
                if (plan.truth().isPresent()) {
                    Report.write(directory); // with what the table says
                }
            }
            state = State.COMPLETE;
        } catch (Exception | LinkageError | OutOfMemoryError e) { // Spark's are checked, and declared nowhere
            state = Termination.cause().isPresent() ? State.STOPPED : State.FAILED;
            failure = Objects.requireNonNullElse(e.getMessage(), e.toString());
            if (state == State.FAILED) {
                log.error("failed: {}", failure);
                log.debug("thrown at", e);
            }
        } finally {
            MDC.remove(LOG_KEY);
        }
        return before.with(state, before.deviceSeconds() + use.seconds(search.name()), failure, result);
    }

    /** What a complete search found. */
    private Result result(RunDirectory directory) {
        SelectionRecord selection = directory
                .selection()
                .orElseThrow(() -> new UserMistake(directory
                        + " has no selection.json; remove search.json there, and the" + " comparison selects again"));
        return new Result(
                selection.rankedBy().rule(),
                selection.architecture(),
                selection.measures().get(Columns.ACCURACY),
                selection.measures().get(Columns.FLOPS),
                selection.measures().get(Columns.PARAMETERS),
                directory.model().map(ModelRecord::testAccuracy).orElse(null),
                plan.truth()
                        .map(truth -> truth.of(selection.architecture()))
                        .filter(OptionalDouble::isPresent)
                        .map(OptionalDouble::getAsDouble)
                        .orElse(null),
                plan.truth().map(truth -> truth.judge(directory)).orElse(List.of()));
    }

    private ComparisonRecord write(String begun, String ended, Devices devices) {
        ComparisonRecord comparison = new ComparisonRecord(
                begun,
                ended,
                plan.own().space().name(),
                plan.cost(),
                table.orElse(null),
                Versions.here(),
                List.copyOf(states.values()),
                baselines,
                devices);
        run.write(comparison);
        ComparisonFile.write(run, comparison);
        Report.write(run, comparison);
        return comparison;
    }
}
