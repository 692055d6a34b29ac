package io.efsnas.driver.benchmark;

import io.efsnas.driver.process.UserMistake;
import io.efsnas.driver.ranking.RankedSubnet;
import io.efsnas.driver.run.CorrelationRecord;
import io.efsnas.driver.statistics.Correlation;
import io.efsnas.space.Architecture;
import io.efsnas.space.SearchSpace;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * How a ranking, and what else could be ranked by, agrees with a benchmark, over the architectures that both have.
 *
 * @param predictors each judged by itself
 * @param first the architecture, of those that the benchmark has, that the ranking has before all others
 * @param accuracyOfFirst its true accuracy, in percent
 * @param bestCompared the highest true accuracy among the architectures compared, in percent
 * @param bestAccuracy the highest true accuracy in the benchmark, in percent
 * @param notRanked how many architectures of the benchmark have no prediction
 * @param missing what was ranked and is not in the benchmark
 */
public record CorrelationReport(
        List<PredictorQuality> predictors,
        RankedSubnet first,
        double accuracyOfFirst,
        double bestCompared,
        double bestAccuracy,
        int notRanked,
        Missing missing) {

    /**
     * What was ranked and is not in a benchmark.
     *
     * @param architectures how many
     * @param ranked of how many
     * @param first whether the one ranked first is among them
     * @param selected whether the selected one is; empty if none is known
     */
    public record Missing(int architectures, int ranked, boolean first, Optional<Boolean> selected) {

        private String toText() {
            if (architectures == 0) {
                return "";
            }
            boolean both = first && selected.orElse(false);
            String among = both
                    ? ", the one ranked first and the selected one among them"
                    : first
                            ? ", the one ranked first among them"
                            : selected.orElse(false) ? ", the selected one among them" : "";
            return String.format(
                    Locale.ROOT,
                    "ranked architectures not in the benchmark: %d of %d%s%n",
                    architectures,
                    ranked,
                    among);
        }
    }

    /** Compares predictions of which none was selected. */
    public static CorrelationReport of(
            List<RankedSubnet> predictions, Map<String, double[]> predictors, TabularBenchmark benchmark) {
        return of(predictions, predictors, benchmark, Optional.empty());
    }

    /**
     * Compares predictions with the truth.
     *
     * @param predictions one for an architecture, which need not be in the benchmark; of those with the same score, the
     *     one listed first counts as ranked first
     * @param predictors by their names, the values that each gives all predicted architectures in their order
     * @param selected the architecture that a search ended with
     * @throws UserMistake if no predicted architecture is in the benchmark
     */
    public static CorrelationReport of(
            List<RankedSubnet> predictions,
            Map<String, double[]> predictors,
            TabularBenchmark benchmark,
            Optional<Architecture> selected) {
        int[] compared = IntStream.range(0, predictions.size())
                .filter(i ->
                        benchmark.accuracy(predictions.get(i).architecture()).isPresent())
                .toArray();
        if (compared.length == 0) {
            throw new UserMistake("none of the " + predictions.size() + " scored architectures is among the "
                    + benchmark.size() + " of the benchmark table");
        }
        List<RankedSubnet> both =
                Arrays.stream(compared).mapToObj(predictions::get).toList();
        double[] actual = both.stream()
                .mapToDouble(prediction -> actual(prediction, benchmark))
                .toArray();
        List<String> subspaces = both.stream()
                .map(RankedSubnet::node)
                .filter(node -> !node.isEmpty())
                .toList();
        List<PredictorQuality> qualities = new ArrayList<>();
        predictors.forEach((name, values) -> qualities.add(PredictorQuality.of(
                name,
                subspaces,
                Arrays.stream(compared).mapToDouble(i -> values[i]).toArray(),
                actual)));
        RankedSubnet first = first(both);
        return new CorrelationReport(
                qualities,
                first,
                actual(first, benchmark),
                Arrays.stream(actual).max().orElseThrow(),
                benchmark.best(),
                benchmark.size() - compared.length,
                new Missing(
                        predictions.size() - compared.length,
                        predictions.size(),
                        isMissing(first(predictions).architecture(), benchmark),
                        selected.map(architecture -> isMissing(architecture, benchmark))));
    }

    /** Sorting keeps equals in the order given, which {@code max()} does not. */
    private static RankedSubnet first(List<RankedSubnet> predictions) {
        return predictions.stream()
                .sorted(Comparator.comparingDouble(RankedSubnet::score).reversed())
                .findFirst()
                .orElseThrow();
    }

    private static boolean isMissing(Architecture architecture, TabularBenchmark benchmark) {
        return benchmark.accuracy(architecture).isEmpty();
    }

    private static double actual(RankedSubnet prediction, TabularBenchmark benchmark) {
        return benchmark.accuracy(prediction.architecture()).orElseThrow();
    }

    /** By how much the best true accuracy exceeds that of the architecture ranked first, in percent. */
    public double regret() {
        return bestCompared - accuracyOfFirst;
    }

    /** What {@code correlation.json} says. */
    public CorrelationRecord toRecord(SearchSpace space) {
        return new CorrelationRecord(
                space.format(first.architecture()),
                accuracyOfFirst,
                regret(),
                bestCompared,
                bestAccuracy,
                notRanked,
                missing.ranked(),
                missing.architectures(),
                missing.first(),
                missing.selected().orElse(null),
                predictors.stream().map(PredictorQuality::toRecord).toList());
    }

    /** The report as an aligned table for a terminal; a coefficient that is undefined is a dash. */
    public String toText(SearchSpace space) {
        PredictorQuality any = predictors.get(0);
        List<String> titles = new ArrayList<>(List.of("rho all", "tau all", "top 10 %", "top 1 %"));
        any.all().subspaces().keySet().forEach(subspace -> titles.add("supernet " + subspace));
        StringBuilder text = new StringBuilder(String.format(Locale.ROOT, "%-28s", "predictor"));
        titles.forEach(title -> text.append(String.format(Locale.ROOT, "  %10s", title)));
        text.append(String.format(Locale.ROOT, "  %8s  %8s%n", "first", "regret"));
        for (PredictorQuality predictor : predictors) {
            List<Correlation> columns = columns(predictor);
            text.append(String.format(Locale.ROOT, "%-28s", predictor.name()))
                    .append(coefficient(columns.get(0).spearmanRho()));
            columns.forEach(column -> text.append(coefficient(column.kendallTau())));
            text.append(String.format(
                    Locale.ROOT, "  %6.2f %%  %6.2f %%%n", predictor.accuracyOfFirst(), predictor.regret()));
        }
        text.append(String.format(
                Locale.ROOT, "%-28s  %10d", "architectures", any.all().overall().architectures()));
        columns(any).forEach(column -> text.append(String.format(Locale.ROOT, "  %10d", column.architectures())));
        return text.append(String.format(
                        Locale.ROOT,
                        "%n%nranked first%s: %s, true accuracy %.2f %%, regret %.2f %%%n",
                        missing.first() ? " of those in the benchmark" : "",
                        space.format(first.architecture()),
                        accuracyOfFirst,
                        regret()))
                .append(String.format(Locale.ROOT, "best accuracy in the benchmark: %.2f %%%n", bestAccuracy))
                .append(String.format(Locale.ROOT, "architectures of the benchmark not ranked: %d%n", notRanked))
                .append(missing.toText())
                .toString();
    }

    private static List<Correlation> columns(PredictorQuality predictor) {
        List<Correlation> columns =
                new ArrayList<>(List.of(predictor.all().overall(), predictor.top10(), predictor.top1()));
        columns.addAll(predictor.all().subspaces().values());
        return columns;
    }

    private static String coefficient(double value) {
        return Double.isNaN(value) ? String.format("%12s", "-") : String.format(Locale.ROOT, "  %10.4f", value);
    }
}
