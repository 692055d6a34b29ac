package io.efsnas.driver.flow;

import io.efsnas.driver.process.UserMistake;
import io.efsnas.driver.ranking.Fusion;
import io.efsnas.driver.ranking.RankedBy;
import io.efsnas.driver.ranking.ScoredSubnet;
import io.efsnas.driver.run.RunDirectory;
import io.efsnas.driver.run.RunFile;
import io.efsnas.measure.Measured;
import io.efsnas.measure.Measures;
import io.efsnas.space.Architecture;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaSparkContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Measures what a ranking by fusion wants to know of scored architectures, and keeps it in the run directory. */
final class MeasuringStage {

    private static final String COST = "live-flops";
    private static final List<String> BUILT = List.of("expressivity", "progressivity", "trainability");
    private static final List<String> COLUMNS =
            Stream.concat(Stream.of(COST), BUILT.stream()).toList();

    /** Architectures after which what has been measured is kept. */
    private static final int KEPT_AFTER = 500;

    private static final Logger log = LoggerFactory.getLogger(MeasuringStage.class);

    private final SearchPlan plan;
    private final RunDirectory run;
    private final int threads;
    private final Map<Architecture, List<Double>> measured = new HashMap<>();

    /**
     * @param threads of each task: with those of the supernets a search that resumes measures the same bits
     */
    MeasuringStage(SearchPlan plan, RunDirectory run, int threads) {
        this.plan = plan;
        this.run = run;
        this.threads = threads;
    }

    /**
     * Subnets with the score of a fusion.
     *
     * @param rankedBy what the scores come from, and why, in a sentence for people
     */
    record Fused(List<ScoredSubnet> subnets, String rankedBy) {}

    /**
     * The subnets with the score of the fusion, after measuring those that an earlier process has not.
     *
     * @param tag of Spark jobs
     */
    Fused fused(List<ScoredSubnet> subnets, JavaSparkContext spark, String tag) {
        List<Architecture> missing = subnets.stream()
                .map(ScoredSubnet::architecture)
                .filter(architecture -> !measured.containsKey(architecture))
                .toList();
        Measuring measuring = new Measuring(plan, Measures.of(COLUMNS), Measuring.BATCH, Optional.of(threads));
        for (int from = 0; from < missing.size(); from += KEPT_AFTER) {
            int to = Math.min(from + KEPT_AFTER, missing.size());
            for (Measured each : measuring.of(missing.subList(from, to), tag, () -> spark)) {
                measured.put(each.architecture(), each.values());
            }
            run.requireLease();
            write();
            log.info("measured {} of {} architectures", to, missing.size());
        }
        Fusion fusion = Fusion.of(
                subnets.stream().map(ScoredSubnet::accuracy).toList(),
                subnets.stream().map(ScoredSubnet::subspace).toList(),
                column(subnets, 0),
                IntStream.rangeClosed(1, BUILT.size())
                        .mapToObj(column -> column(subnets, column))
                        .toList());
        List<ScoredSubnet> scored = IntStream.range(0, subnets.size())
                .mapToObj(i -> subnets.get(i).withScore(fusion.scores().get(i)))
                .toList();
        return new Fused(scored, RankedBy.fusion(fusion));
    }

    private List<Double> column(List<ScoredSubnet> subnets, int column) {
        return subnets.stream()
                .map(subnet -> measured.get(subnet.architecture()).get(column))
                .toList();
    }

    /**
     * Reads what an earlier process has measured.
     *
     * @throws UserMistake naming the file and line of a malformed row
     */
    void read() {
        if (!run.has(RunFile.MEASURES)) {
            return;
        }
        try {
            MeasuresFile.read(run.files(), run.path(RunFile.MEASURES), plan.space(), COLUMNS)
                    .forEach(each -> measured.put(each.architecture(), each.values()));
        } catch (UserMistake e) {
            throw new UserMistake(
                    e.getMessage() + "; remove the file, and the search measures again when it resumes", e);
        }
    }

    private void write() {
        MeasuresFile.write(
                run.files(),
                run.path(RunFile.MEASURES),
                plan.space(),
                COLUMNS,
                measured.entrySet().stream()
                        .sorted(Map.Entry.comparingByKey())
                        .map(entry -> new Measured(entry.getKey(), entry.getValue())));
    }
}
