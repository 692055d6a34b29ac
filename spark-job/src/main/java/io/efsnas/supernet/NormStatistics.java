package io.efsnas.supernet;

import java.util.ArrayList;
import java.util.List;

/**
 * What the batch norms of a subnet normalise by when a batch's own statistics are not to.
 *
 * @param means of each batch norm, in the order of the network's layers, the mean of each channel
 * @param variances the same of the variances, those of a sample
 */
public record NormStatistics(List<double[]> means, List<double[]> variances) {

    public NormStatistics {
        means = List.copyOf(means);
        variances = List.copyOf(variances);
    }

    /**
     * The mean of several batches' statistics, each of which counts as much as another, as PyTorch's cumulative moving
     * average takes it.
     *
     * @param before of how many batches these are the mean
     * @param next those of one more batch
     */
    public NormStatistics and(int before, NormStatistics next) {
        return new NormStatistics(mean(means, before, next.means), mean(variances, before, next.variances));
    }

    private static List<double[]> mean(List<double[]> before, int batches, List<double[]> next) {
        List<double[]> means = new ArrayList<>();
        for (int norm = 0; norm < before.size(); norm++) {
            double[] mean = before.get(norm).clone();
            for (int channel = 0; channel < mean.length; channel++) {
                mean[channel] += (next.get(norm)[channel] - mean[channel]) / (batches + 1);
            }
            means.add(mean);
        }
        return means;
    }
}
