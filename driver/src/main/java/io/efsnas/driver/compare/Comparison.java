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
import io.efsnas.driver.run.Producer.Versions;
import io.efsnas.driver.run.RunDirectory;
import io.efsnas.driver.run.RunLease;
import io.efsnas.driver.run.SearchRecord;
import io.efsnas.driver.run.SelectionRecord;
import io.efsnas.driver.spark.DeviceUse;
import io.efsnas.driver.spark.GpuProfile;
import io.efsnas.driver.spark.Slots;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
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

    private final SparkSession session;
    private final JavaSparkContext spark;
    private final RunDirectory run;
    private final ComparisonPlan plan;
    private final Map<String, SharedMeasures> measures;
    private final Map<String, ComparisonRecord.Search> states = new LinkedHashMap<>();
    private final List<Quality> baselines;
    private final int slots;
    private final int atATime;

    /**
     * Prepares a comparison; nothing is written yet.
     *
     * @param run the directory of the comparison
     * @throws UserMistake if a strategy cannot be run as it is configured, or the directory has a search that differs from
     *     one of the comparison
     */
    public Comparison(SparkSession session, CompareConfig config, RunDirectory run) {
        this.session = session;
        this.spark = JavaSparkContext.fromSparkContext(session.sparkContext());
        this.run = run;
        this.plan = ComparisonPlan.of(config, run);
        this.baselines = plan.truth()
                .map(truth -> truth.baselines(plan.own().finalSize()))
                .orElse(List.of());
        this.slots = Slots.of(
                spark,
                GpuProfile.of(spark.getConf(), plan.own().config().cluster().gpusPerSupernet()));
        this.atATime = config.atATime().orElse(slots + 1);
        this.measures = sharedMeasures();
        Optional<ComparisonRecord> earlier = run.comparison();
        Map<String, ComparisonRecord.Search> before = earlier.stream()
                .flatMap(comparison -> comparison.searches().stream())
                .collect(Collectors.toMap(ComparisonRecord.Search::name, Function.identity()));
        boolean judged = earlier.filter(comparison -> Objects.equals(comparison.table(), table()))
                .isPresent();
        plan.searches()
                .forEach(search -> states.put(
                        search.name(), resumed(search, Optional.ofNullable(before.get(search.name())), judged)));
    }

    private ComparisonRecord.Table table() {
        return plan.truth().map(TrueAccuracies::toRecord).orElse(null);
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

    /**
     * How far a search has come.
     *
     * @param earlier as the comparison had it, if it did
     * @param judged whether that was by the same table
     */
    private ComparisonRecord.Search resumed(
            ComparedSearch search, Optional<ComparisonRecord.Search> earlier, boolean judged) {
        RunDirectory directory = run.of(search.name());
        Optional<SearchRecord> found = directory.search();
        found.ifPresent(record -> record.requireSame(directory, search.config()));
        double seconds = earlier.map(ComparisonRecord.Search::deviceSeconds).orElse(0.0);
        if (found.filter(SearchRecord::complete).isEmpty()) {
            return search.waiting().with(State.WAITING, seconds, null, null);
        }
        Result result = earlier.map(ComparisonRecord.Search::result)
                .filter(any -> judged)
                .orElseGet(() -> result(directory));
        return search.waiting().with(State.COMPLETE, seconds, null, result);
    }

    /**
     * Runs the searches that are not complete yet.
     *
     * @return what all have found; some may have failed
     */
    public ComparisonRecord run() {
        List<ComparedSearch> left = plan.searches().stream()
                .filter(search -> states.get(search.name()).state() != State.COMPLETE)
                .sorted(Comparator.comparingDouble(ComparedSearch::inARow).reversed())
                .toList();
        Instant begun = Instant.now();
        long start = System.nanoTime();
        double cost = left.stream().mapToDouble(ComparedSearch::cost).sum();
        log.info(
                "comparison {}: {} searches, each at the cost of {} training steps of one subnet; {} are done",
                run,
                plan.searches().size(),
                Math.round(plan.cost()),
                plan.searches().size() - left.size());
        write(begun, null, null);
        plan.common().forEach(architectures -> architectures.write(run));
        ExecutorService threads = Executors.newFixedThreadPool(atATime);
        try (DeviceUse use = new DeviceUse(spark);
                ComparisonProgress progress = new ComparisonProgress(left.size(), cost)) {
            ExecutorCompletionService<ComparisonRecord.Search> ended = new ExecutorCompletionService<>(threads);
            left.forEach(search -> ended.submit(() -> search(search, use, progress)));
            for (int i = 0; i < left.size(); i++) {
                ComparisonRecord.Search search = ended.take().get();
                states.put(search.name(), search);
                progress.searchEnded();
                write(begun, null, new Devices(slots, Seconds.since(start), use.seconds()));
            }
            Devices devices = new Devices(slots, Seconds.since(start), use.seconds());
            if (Termination.cause().isPresent()) {
                throw new IllegalStateException(Termination.cause().get().line());
            }
            return write(begun, Instant.now(), devices);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while strategies were compared", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } finally {
            threads.shutdownNow();
        }
    }

    /** Runs a search, and gives what became of it. */
    private ComparisonRecord.Search search(ComparedSearch search, DeviceUse use, ComparisonProgress progress) {
        ComparisonRecord.Search before = states.get(search.name());
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
                    search.config(),
                    directory,
                    progress.search(search.cost()),
                    measures.get(measured(search)));
            try (RunLease lease = flow.lease()) {
                flow.run();
                result = result(directory);
                Report.write(directory);
            }
            state = State.COMPLETE;
        } catch (Exception e) { // Spark's are checked, and declared nowhere
            state = Termination.cause().isPresent() ? State.STOPPED : State.FAILED;
            failure = e.getMessage();
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
        List<Quality> qualities =
                plan.truth().map(truth -> truth.judge(directory)).orElse(List.of());
        return new Result(
                selection.rankedBy().rule(),
                selection.architecture(),
                selection.measures().get(Columns.ACCURACY),
                selection.measures().get(Columns.FLOPS),
                selection.measures().get(Columns.PARAMETERS),
                plan.truth()
                        .map(truth -> truth.of(selection.architecture()))
                        .filter(accuracy -> accuracy.isPresent())
                        .map(accuracy -> accuracy.getAsDouble())
                        .orElse(null),
                qualities);
    }

    private ComparisonRecord write(Instant begun, Instant ended, Devices devices) {
        ComparisonRecord comparison = new ComparisonRecord(
                begun.toString(),
                ended == null ? null : ended.toString(),
                plan.own().space().name(),
                plan.cost(),
                table(),
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
