package io.efsnas.driver.statistics;

import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * How alike two scores order architectures of several subspaces.
 *
 * @param overall the correlation over all subspaces
 * @param subspaces the correlation within each subspace, by the id of its supernet; empty if they are not known
 */
public record SubspaceCorrelation(Correlation overall, SortedMap<String, Correlation> subspaces) {

    /** 10 comes after 9. */
    private static final Comparator<String> ORDER =
            Comparator.comparingInt(String::length).thenComparing(Comparator.naturalOrder());

    /**
     * Correlates two scores, the i-th of each array being the i-th architecture's.
     *
     * @param subspaces the id of the supernet of each architecture's subspace; empty if they are not known
     */
    public static SubspaceCorrelation of(List<String> subspaces, double[] first, double[] second) {
        SortedMap<String, Correlation> within = new TreeMap<>(ORDER);
        IntStream.range(0, subspaces.size())
                .boxed()
                .collect(Collectors.groupingBy(subspaces::get))
                .forEach((subspace, members) ->
                        within.put(subspace, Correlation.of(select(first, members), select(second, members))));
        return new SubspaceCorrelation(Correlation.of(first, second), within);
    }

    private static double[] select(double[] values, List<Integer> indices) {
        return indices.stream().mapToDouble(i -> values[i]).toArray();
    }

    /**
     * Spearman's rho within subspaces: the mean over them, each weighted by its architectures. Those where it is
     * undefined are left out; not a number if all are.
     */
    public double rhoWithinSubspaces() {
        List<Correlation> defined = subspaces.values().stream()
                .filter(within -> !Double.isNaN(within.spearmanRho()))
                .toList();
        double sum = defined.stream()
                .mapToDouble(within -> within.architectures() * within.spearmanRho())
                .sum();
        return sum / defined.stream().mapToInt(Correlation::architectures).sum();
    }
}
