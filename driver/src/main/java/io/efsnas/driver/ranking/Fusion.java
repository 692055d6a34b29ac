package io.efsnas.driver.ranking;

import io.efsnas.driver.statistics.Ranks;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * What three experts say of architectures, each with an equal say: what their supernets have learned, what they cost where it
 * counts, and how well they are built. An expert's say is the logarithm of an architecture's rank as a share, ln(rank / n) from
 * the worst on, as AZ-NAS adds its measures up (Lee, Ham, CVPR 2024); nothing is fitted to a table.
 *
 * <p>Accuracies are calibrated first. Supernets of their own make accuracies comparable only within a subspace, so there
 * the accuracy orders, and between subspaces the other two experts decide: the k-th best accuracy of a subspace takes the
 * k-th best sum of the other experts' says in that subspace.
 */
public final class Fusion {

    private Fusion() {}

    /**
     * The score of each architecture, the higher the better; comparable only with those given together.
     *
     * @param accuracies by the supernets
     * @param supernets the number of the supernet that scored each architecture
     * @param cost the higher the better, such as live FLOPs
     * @param built measures of how well an architecture is built, whose says are averaged; what is not finite ranks last
     */
    public static double[] scores(
            List<Double> accuracies, List<Integer> supernets, List<Double> cost, List<List<Double>> built) {
        double[] free = free(cost, built);
        double[] learned = Ranks.logarithms(calibrated(accuracies, supernets, free));
        return IntStream.range(0, free.length)
                .mapToDouble(i -> learned[i] + free[i])
                .toArray();
    }

    /** What the two experts say that need no training, one plus the other. */
    private static double[] free(List<Double> cost, List<List<Double>> built) {
        double[] sums = Ranks.logarithms(values(cost));
        for (List<Double> measure : built) {
            double[] say = Ranks.logarithms(values(measure));
            for (int i = 0; i < sums.length; i++) {
                sums[i] += say[i] / built.size();
            }
        }
        return sums;
    }

    private static double[] values(List<Double> column) {
        return column.stream()
                .mapToDouble(value -> Double.isNaN(value) ? Double.NEGATIVE_INFINITY : value)
                .toArray();
    }

    /** Architectures of a supernet with equal accuracies take the mean of what they would take one by one. */
    private static double[] calibrated(List<Double> accuracies, List<Integer> supernets, double[] free) {
        Map<Integer, List<Integer>> bySupernet = new HashMap<>();
        for (int i = 0; i < free.length; i++) {
            bySupernet
                    .computeIfAbsent(supernets.get(i), any -> new ArrayList<>())
                    .add(i);
        }
        double[] calibrated = new double[free.length];
        for (List<Integer> own : bySupernet.values()) {
            double[] taken = own.stream().mapToDouble(i -> free[i]).sorted().toArray();
            List<Integer> byAccuracy =
                    own.stream().sorted(Comparator.comparing(accuracies::get)).toList();
            for (int from = 0; from < taken.length; ) {
                int to = from + 1;
                while (to < taken.length
                        && accuracies.get(byAccuracy.get(to)).equals(accuracies.get(byAccuracy.get(from)))) {
                    to++;
                }
                double mean = Arrays.stream(taken, from, to).average().orElseThrow();
                for (int i = from; i < to; i++) {
                    calibrated[byAccuracy.get(i)] = mean;
                }
                from = to;
            }
        }
        return calibrated;
    }
}
