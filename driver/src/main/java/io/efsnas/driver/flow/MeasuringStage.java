package io.efsnas.driver.flow;

import io.efsnas.driver.ranking.RankingScore;
import io.efsnas.driver.ranking.ScoredSubnet;
import io.efsnas.driver.run.RunDirectory;
import io.efsnas.driver.run.RunFile;
import io.efsnas.driver.storage.CsvFile;
import io.efsnas.measure.Measured;
import io.efsnas.measure.Measures;
import io.efsnas.space.Architecture;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaSparkContext;

/** Measures what a ranking by fusion wants to know of scored architectures, and keeps it in the run directory. */
final class MeasuringStage {

    private static final String ARCHITECTURE = "architecture";
    private static final String COST = "live-flops";
    private static final List<String> BUILT = List.of("expressivity", "progressivity", "trainability");
    private static final List<String> COLUMNS =
            Stream.concat(Stream.of(COST), BUILT.stream()).toList();

    private final SearchPlan plan;
    private final RunDirectory run;

    MeasuringStage(SearchPlan plan, RunDirectory run) {
        this.plan = plan;
        this.run = run;
    }

    /**
     * The subnets with the score of the fusion, after measuring those that an earlier process has not.
     *
     * @param tag of Spark jobs
     */
    List<ScoredSubnet> fused(List<ScoredSubnet> subnets, JavaSparkContext spark, String tag) {
        Map<Architecture, List<Double>> measured = read();
        List<Architecture> missing = subnets.stream()
                .map(ScoredSubnet::architecture)
                .filter(architecture -> !measured.containsKey(architecture))
                .toList();
        if (!missing.isEmpty()) {
            Measuring measuring = new Measuring(plan, Measures.of(COLUMNS), Measuring.BATCH);
            for (Measured each : measuring.of(missing, tag, () -> spark)) {
                measured.put(each.architecture(), each.values());
            }
            run.requireLease();
            write(measured);
        }
        return RankingScore.byFusion(
                subnets,
                column(subnets, measured, 0),
                IntStream.rangeClosed(1, BUILT.size())
                        .mapToObj(column -> column(subnets, measured, column))
                        .toList());
    }

    private static List<Double> column(
            List<ScoredSubnet> subnets, Map<Architecture, List<Double>> measured, int column) {
        return subnets.stream()
                .map(subnet -> measured.get(subnet.architecture()).get(column))
                .toList();
    }

    private Map<Architecture, List<Double>> read() {
        Map<Architecture, List<Double>> measured = new HashMap<>();
        if (run.has(RunFile.MEASURES)) {
            List<String> columns =
                    Stream.concat(Stream.of(ARCHITECTURE), COLUMNS.stream()).toList();
            CsvFile.read(
                            run.files(),
                            run.path(RunFile.MEASURES),
                            columns,
                            row -> new Measured(
                                    plan.space().parse(row.text(ARCHITECTURE)),
                                    COLUMNS.stream()
                                            .map(column ->
                                                    row.text(column).isEmpty() ? Double.NaN : row.doubleValue(column))
                                            .toList()))
                    .forEach(each -> measured.put(each.architecture(), each.values()));
        }
        return measured;
    }

    private void write(Map<Architecture, List<Double>> measured) {
        CsvFile.write(
                run.files(),
                run.path(RunFile.MEASURES),
                Stream.concat(Stream.of(ARCHITECTURE), COLUMNS.stream()).toList(),
                measured.entrySet().stream()
                        .sorted(Map.Entry.comparingByKey())
                        .map(entry -> row(entry.getKey(), entry.getValue())));
    }

    /** A measure that came to no finite number has an empty cell. */
    private List<Object> row(Architecture architecture, List<Double> values) {
        List<Object> row = new ArrayList<>();
        row.add(plan.space().format(architecture));
        values.forEach(value -> row.add(Double.isFinite(value) ? (Object) value : ""));
        return row;
    }
}
