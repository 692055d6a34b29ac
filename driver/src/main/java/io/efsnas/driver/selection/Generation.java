package io.efsnas.driver.selection;

import io.efsnas.driver.rule.Columns;
import java.util.DoubleSummaryStatistics;
import java.util.List;

/**
 * How an evolution stands after a generation, by one column of its table.
 *
 * @param number the number of the generation, from 1
 * @param candidates how many candidates were scored in it
 * @param column its name
 * @param best the best value in it
 * @param mean the mean value in it
 * @param scoredSoFar how many architectures were scored up to its end
 * @param bestSoFar the best value of those
 */
public record Generation(
        int number, int candidates, String column, double best, double mean, int scoredSoFar, double bestSoFar) {

    /** The last generation of these individuals, at least one, in the order of their generations. */
    public static Generation last(List<Individual> individuals, String column) {
        int number = individuals.get(individuals.size() - 1).generation();
        DoubleSummaryStatistics all = values(individuals, column);
        DoubleSummaryStatistics last = values(
                individuals.stream()
                        .filter(individual -> individual.generation() == number)
                        .toList(),
                column);
        double sign = Columns.descends(column) ? -1 : 1;
        return new Generation(
                number,
                (int) last.getCount(),
                column,
                sign * last.getMax(),
                sign * last.getAverage(),
                individuals.size(),
                sign * all.getMax());
    }

    private static DoubleSummaryStatistics values(List<Individual> individuals, String column) {
        return individuals.stream()
                .mapToDouble(individual -> individual.subnet().merit(column))
                .summaryStatistics();
    }
}
