package io.efsnas.driver.selection;

import java.util.DoubleSummaryStatistics;
import java.util.List;

/**
 * How an evolution stands after a generation. Accuracies are from 0 to 1.
 *
 * @param number of the generation, from 1
 * @param candidates scored in it
 * @param best accuracy in it
 * @param mean accuracy in it
 * @param scoredSoFar architectures of all generations up to it
 * @param bestSoFar accuracy of those
 */
public record Generation(int number, int candidates, double best, double mean, int scoredSoFar, double bestSoFar) {

    /** The last generation of these individuals, at least one, in the order of their generations. */
    public static Generation last(List<Individual> individuals) {
        int number = individuals.get(individuals.size() - 1).generation();
        DoubleSummaryStatistics all = accuracies(individuals);
        DoubleSummaryStatistics last = accuracies(individuals.stream()
                .filter(individual -> individual.generation() == number)
                .toList());
        return new Generation(
                number, (int) last.getCount(), last.getMax(), last.getAverage(), individuals.size(), all.getMax());
    }

    private static DoubleSummaryStatistics accuracies(List<Individual> individuals) {
        return individuals.stream()
                .mapToDouble(individual -> individual.subnet().accuracy())
                .summaryStatistics();
    }
}
