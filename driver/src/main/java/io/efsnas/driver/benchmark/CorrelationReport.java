package io.efsnas.driver.benchmark;

import io.efsnas.driver.process.UserMistake;
import io.efsnas.driver.ranking.RankedSubnet;
import io.efsnas.driver.run.CorrelationRecord;
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
 * @param benchmark what the predictions are compared with
 * @param notRanked how many architectures of the benchmark have no prediction
 * @param missing what was ranked and is not in the benchmark
 */
public record CorrelationReport(
        List<PredictorQuality> predictors,
        RankedSubnet first,
        double accuracyOfFirst,
        double bestCompared,
        TabularBenchmark benchmark,
        int notRanked,
        Missing missing) {

    /**
     * What was ranked and is not in a benchmark.
     *
     * @param architectures how many
     * @param ranked how many were ranked in all
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
            return line("ranked architectures not in the benchmark: %d of %d%s", architectures, ranked, among);
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
     * @param predictors for each predictor's name, its values for all predicted architectures in their order
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
                benchmark,
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
                new CorrelationRecord.Table(
                        benchmark.size(),
                        notRanked,
                        benchmark.best(),
                        benchmark.columns(),
                        benchmark.repeatedRows(),
                        benchmark.fractions()),
                missing.ranked(),
                missing.architectures(),
                missing.first(),
                missing.selected().orElse(null),
                predictors.stream().map(PredictorQuality::toRecord).toList());
    }

    /** The report as aligned tables for a terminal; a coefficient that is undefined is a dash. */
    public String toText(SearchSpace space) {
        StringBuilder text = new StringBuilder(CorrelationText.quality(predictors));
        text.append(line(""));
        String subspaces = CorrelationText.subspaces(predictors);
        if (!subspaces.isEmpty()) {
            text.append(line("tau in the subspace of each supernet"))
                    .append(subspaces)
                    .append(line(""));
        }
        text.append(line(
                        "ranked first%s: %s, true accuracy %.2f %%, regret %.2f %%",
                        missing.first() ? " of those in the benchmark" : "",
                        space.format(first.architecture()),
                        accuracyOfFirst,
                        regret()))
                .append(line("best accuracy in the benchmark: %.2f %%", benchmark.best()))
                .append(line("architectures of the benchmark not ranked: %d", notRanked))
                .append(missing.toText());
        if (benchmark.fractions()) {
            text.append(line("the benchmark's accuracies are from 0 to 1 and were taken for fractions"));
        }
        if (benchmark.columns().size() > 1) {
            text.append(line("true accuracies: the mean of %s", String.join(", ", benchmark.columns())));
        }
        if (benchmark.repeatedRows() > 0) {
            text.append(line(
                    "rows of the benchmark that repeat an architecture: %d, taken into its mean",
                    benchmark.repeatedRows()));
        }
        return text.toString();
    }

    private static String line(String format, Object... values) {
        return String.format(Locale.ROOT, format + "%n", values);
    }
}
