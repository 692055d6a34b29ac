package io.efsnas.driver.benchmark;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * How a ranking agrees with a benchmark, over the architectures that both have.
 *
 * @param overall over all subspaces
 * @param subspaces for each subspace by its index; empty if the predictions name none
 * @param bestAccuracy the highest true accuracy in the benchmark, in percent
 * @param notRanked how many architectures of the benchmark have no prediction
 */
public record CorrelationReport(
        Agreement overall, SortedMap<Integer, Agreement> subspaces, double bestAccuracy, int notRanked) {

    /**
     * The agreement over some architectures.
     *
     * @param architectures how many were compared
     * @param accuracyOfFirst the true accuracy in percent of the one that is predicted to be the best
     */
    public record Agreement(int architectures, Correlation correlation, double accuracyOfFirst) {}

    private record Comparison(Prediction prediction, double actual) {}

    /**
     * Compares predictions with the truth.
     *
     * @param predictions one for an architecture, which need not be in the benchmark; of those with the same predicted
     *     accuracy, the one listed first counts as ranked first
     * @throws IllegalArgumentException if no predicted architecture is in the benchmark
     */
    public static CorrelationReport of(Collection<Prediction> predictions, TabularBenchmark benchmark) {
        List<Comparison> comparisons = new ArrayList<>();
        for (Prediction prediction : predictions) {
            benchmark
                    .accuracy(prediction.architecture())
                    .ifPresent(actual -> comparisons.add(new Comparison(prediction, actual)));
        }
        if (comparisons.isEmpty()) {
            throw new IllegalArgumentException("none of the " + predictions.size()
                    + " scored architectures is among the " + benchmark.size() + " of the benchmark table");
        }
        SortedMap<Integer, Agreement> subspaces = new TreeMap<>();
        comparisons.stream()
                .filter(comparison -> comparison.prediction().subspace().isPresent())
                .collect(Collectors.groupingBy(
                        comparison -> comparison.prediction().subspace().getAsInt()))
                .forEach((subspace, inSubspace) -> subspaces.put(subspace, agreement(inSubspace)));
        return new CorrelationReport(
                agreement(comparisons), subspaces, benchmark.best(), benchmark.size() - comparisons.size());
    }

    private static Agreement agreement(List<Comparison> comparisons) {
        double[] predicted = comparisons.stream()
                .mapToDouble(comparison -> comparison.prediction().accuracy())
                .toArray();
        double[] actual = comparisons.stream().mapToDouble(Comparison::actual).toArray();
        // Sorting keeps equals in the order given, which max() does not.
        Comparison first = comparisons.stream()
                .sorted(Comparator.comparingDouble((Comparison comparison) ->
                                comparison.prediction().accuracy())
                        .reversed())
                .findFirst()
                .orElseThrow();
        return new Agreement(comparisons.size(), Correlation.of(predicted, actual), first.actual());
    }

    /** The report as an aligned table for a terminal; a coefficient that is undefined is a dash. */
    public String toText() {
        StringBuilder text = new StringBuilder(String.format(
                Locale.ROOT,
                "%-12s  %13s  %13s  %14s  %s%n",
                "",
                "architectures",
                "Kendall's tau",
                "Spearman's rho",
                "true accuracy of the first"));
        appendRow(text, "all", overall);
        subspaces.forEach((subspace, agreement) -> appendRow(text, "subspace " + subspace, agreement));
        return text.append(String.format(Locale.ROOT, "best accuracy in the benchmark: %.2f %%%n", bestAccuracy))
                .append(String.format(Locale.ROOT, "architectures of the benchmark not ranked: %d%n", notRanked))
                .toString();
    }

    private static void appendRow(StringBuilder text, String name, Agreement agreement) {
        text.append(String.format(
                Locale.ROOT,
                "%-12s  %13d  %13s  %14s  %24.2f %%%n",
                name,
                agreement.architectures(),
                coefficient(agreement.correlation().kendallTau()),
                coefficient(agreement.correlation().spearmanRho()),
                agreement.accuracyOfFirst()));
    }

    private static String coefficient(double value) {
        return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, "%.4f", value);
    }
}
