package io.efsnas.driver.report.plot;

import io.efsnas.driver.report.plot.AgreementMatrix.Shade;
import io.efsnas.driver.run.SplitRecord;
import io.efsnas.split.Evidence;
import io.efsnas.split.cut.BalancedCut;
import io.efsnas.split.cut.ChoiceDistances;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How far the choices of each position of a supernet were apart when it was split.
 *
 * @param node the id of the supernet
 * @param others what else was measured, or everything if there are no distances
 */
public record SplitMatrices(String node, List<Position> positions, Map<String, Double> others) {

    /**
     * A position, with its choices in the order of the groups of its best cut.
     *
     * @param group how many choices the first group has
     * @param rows as many as choices, each with a cell for each choice
     * @param worth what the cut is worth
     * @param split whether the supernet was split here
     */
    public record Position(
            int position, List<Integer> choices, int group, List<List<Shade>> rows, String worth, boolean split) {}

    /** The matrices of a split. */
    public static SplitMatrices of(SplitRecord split) {
        Evidence evidence = split.evidence();
        List<ChoiceDistances> all = ChoiceDistances.in(evidence);
        if (all.isEmpty()) {
            return new SplitMatrices(split.node(), List.of(), evidence.values());
        }
        Optional<Integer> chosen = ChoiceDistances.ofSplit(evidence).map(ChoiceDistances::position);
        boolean everywhere = split.parts().size() == 1 << all.size(); // as by hierarchies: two parts of each position
        double largest = all.stream()
                .flatMap(distances -> Arrays.stream(distances.matrix()))
                .flatMapToDouble(Arrays::stream)
                .max()
                .orElse(0);
        return new SplitMatrices(
                split.node(),
                all.stream()
                        .map(distances -> position(
                                distances,
                                distances.worth(evidence),
                                largest,
                                everywhere || chosen.equals(Optional.of(distances.position()))))
                        .toList(),
                Map.of());
    }

    private static Position position(ChoiceDistances distances, double worth, double largest, boolean split) {
        BalancedCut cut = distances.cut();
        int[] places = Stream.of(cut.first(), cut.second())
                .flatMap(List::stream)
                .mapToInt(Integer::intValue)
                .toArray();
        return new Position(
                distances.position(),
                Arrays.stream(places).mapToObj(distances.choices()::get).toList(),
                cut.first().size(),
                Arrays.stream(places)
                        .mapToObj(row -> Arrays.stream(places)
                                .mapToObj(column -> row == column
                                        ? new Shade("", 0, false)
                                        : shade(distances.matrix()[row][column], largest))
                                .toList())
                        .toList(),
                Figures.fixed(worth, 3),
                split);
    }

    private static Shade shade(double distance, double largest) {
        return new Shade(Figures.fixed(distance, 2), Math.round(100 * Math.max(0, distance) / largest), false);
    }
}
