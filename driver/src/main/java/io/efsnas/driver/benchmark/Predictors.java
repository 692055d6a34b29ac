package io.efsnas.driver.benchmark;

import io.efsnas.driver.ranking.RankedSubnet;
import io.efsnas.driver.rule.Columns;
import io.efsnas.driver.rule.MeasuredSubnet;
import io.efsnas.driver.rule.RankingRule;
import io.efsnas.driver.rule.RankingRuleProvider;
import io.efsnas.measure.MeasureContext;
import io.efsnas.measure.Measures;
import io.efsnas.network.ModelSize;
import io.efsnas.space.SearchSpace;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * Everything that could be ranked by: what a search found out, and what is known of an architecture without any training,
 * which a search has to beat.
 */
public final class Predictors {

    private Predictors() {}

    /**
     * The values that each predictor, by its name, gives some architectures, the higher the better: {@code score}, each
     * column, each rule of several columns as its defaults have it if the table has its columns, and the free baselines:
     * costs and, where the space counts them, nonlinear functions.
     *
     * @param subnets at least one
     * @param size the size of the networks whose costs are taken
     */
    public static Map<String, double[]> of(List<RankedSubnet> subnets, SearchSpace space, ModelSize size) {
        List<MeasuredSubnet> all = subnets.stream()
                .map(subnet -> withBaselines(subnet.measured(), space, size))
                .toList();
        Map<String, double[]> predictors = new LinkedHashMap<>();
        predictors.put(
                "score", subnets.stream().mapToDouble(RankedSubnet::score).toArray());
        List<String> columns = all.get(0).columns();
        columns.forEach(column -> predictors.put(column, values(all, subnet -> subnet.merit(column))));
        for (String name : RankingRuleProvider.names()) {
            RankingRuleProvider provider = RankingRuleProvider.named(name);
            RankingRule rule = provider.create(provider.suited(provider.defaults(), space));
            if (rule.columns().size() > 1 && columns.containsAll(rule.columns())) {
                predictors.put(
                        "rule " + name,
                        rule.score(all).values().stream()
                                .mapToDouble(Double::doubleValue)
                                .toArray());
            }
        }
        return predictors;
    }

    /**
     * How well the free baselines order the connected architectures of a benchmark.
     *
     * @param size of the networks whose costs are taken
     */
    public static List<PredictorQuality> baselines(TabularBenchmark benchmark, SearchSpace space, ModelSize size) {
        List<MeasuredSubnet> all = benchmark.architectures().stream()
                .filter(space::connected)
                .map(architecture -> new MeasuredSubnet(architecture, "", List.of(), List.of()))
                .map(subnet -> withBaselines(subnet, space, size))
                .toList();
        double[] actual =
                values(all, subnet -> benchmark.accuracy(subnet.architecture()).orElseThrow());
        return all.stream()
                .limit(1)
                .flatMap(any -> any.columns().stream())
                .map(column ->
                        PredictorQuality.of(column, List.of(), values(all, subnet -> subnet.merit(column)), actual))
                .toList();
    }

    private static MeasuredSubnet withBaselines(MeasuredSubnet subnet, SearchSpace space, ModelSize size) {
        List<String> missing = new ArrayList<>(Columns.known(space));
        missing.removeAll(subnet.columns());
        List<String> columns = new ArrayList<>(subnet.columns());
        columns.addAll(missing);
        List<Double> values = new ArrayList<>(subnet.values());
        values.addAll(Measures.of(missing)
                .measure(subnet.architecture(), MeasureContext.ofArchitectures(space, size))
                .values());
        return new MeasuredSubnet(subnet.architecture(), subnet.node(), columns, values);
    }

    private static double[] values(List<MeasuredSubnet> subnets, ToDoubleFunction<MeasuredSubnet> value) {
        return subnets.stream().mapToDouble(value).toArray();
    }
}
