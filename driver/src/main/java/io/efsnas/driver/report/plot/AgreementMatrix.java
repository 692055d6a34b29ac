package io.efsnas.driver.report.plot;

import io.efsnas.driver.ranking.RankedSubnet;
import io.efsnas.driver.statistics.Correlation;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * How alike the columns of a ranking order its subnets, each pair by Kendall's tau. The higher value of a column comes first,
 * or the lower one where that is better, as of a loss.
 *
 * @param names the names of the columns, the score first
 * @param rows as many as names, each with a cell for each name
 */
public record AgreementMatrix(List<String> names, List<List<Shade>> rows) {

    /** More would not fit on a page. */
    private static final int MOST_COLUMNS = 11;

    /**
     * A cell.
     *
     * @param text tau, or a dash where it is undefined
     * @param percent how much of the colour the cell has, 0 to 100
     * @param opposite whether the two columns order rather in opposite ways
     */
    public record Shade(String text, long percent, boolean opposite) {

        private static Shade of(double tau) {
            return Double.isNaN(tau)
                    ? new Shade(Figures.coefficient(null), 0, false)
                    : new Shade(Figures.fixed(tau, 2), Math.round(100 * Math.abs(tau)), tau < 0);
        }
    }

    /** A column's values, the higher the better. */
    private record Values(String name, double[] merits) {}

    /**
     * The agreement of the score and the first columns of a ranking.
     *
     * @param ranking at least one subnet
     */
    public static AgreementMatrix of(List<RankedSubnet> ranking) {
        Stream<Values> columns = ranking.get(0).measured().columns().stream()
                .limit(MOST_COLUMNS)
                .map(column -> new Values(
                        Cell.title(column),
                        ranking.stream()
                                .mapToDouble(subnet -> subnet.measured().merit(column))
                                .toArray()));
        Values scores = new Values(
                "Score", ranking.stream().mapToDouble(RankedSubnet::score).toArray());
        List<Values> all = Stream.concat(Stream.of(scores), columns).toList();
        double[][] taus = new double[all.size()][all.size()];
        for (int i = 0; i < all.size(); i++) {
            for (int j = 0; j <= i; j++) {
                taus[i][j] =
                        Correlation.of(all.get(i).merits(), all.get(j).merits()).kendallTau();
                taus[j][i] = taus[i][j];
            }
        }
        return new AgreementMatrix(
                all.stream().map(Values::name).toList(),
                IntStream.range(0, all.size())
                        .mapToObj(i -> IntStream.range(0, all.size())
                                .mapToObj(j -> Shade.of(taus[i][j]))
                                .toList())
                        .toList());
    }
}
