package io.efsnas.driver.flow;

import io.efsnas.driver.ranking.Ranking;
import io.efsnas.driver.rule.Columns;
import io.efsnas.driver.run.ReliabilityRecord;
import io.efsnas.driver.statistics.Proportion;
import io.efsnas.driver.statistics.SubspaceCorrelation;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.apache.commons.math3.stat.interval.ConfidenceInterval;

/**
 * How far the accuracies of a ranking can be believed, by what repeating their measurement changes. Correlations are
 * between two measurements of a sample of the subnets, over all of it and within each subspace.
 *
 * @param images the number of images that scored every subnet
 * @param halves accuracies on one half of the images and on the other: what the choice of images changes
 * @param checkpoints accuracies by the last checkpoint and by the one before it: what the last round of training
 *     changes; empty if that one is not there or not asked for
 * @param prior accuracies and live parameters of all subnets, which agree the less the noisier the accuracies are
 */
record Reliability(
        int images, SubspaceCorrelation halves, Optional<SubspaceCorrelation> checkpoints, SubspaceCorrelation prior) {

    /**
     * The share of the variance of the ranks by accuracy that another measurement would show again, 0 to 1; not a number
     * if it is unknown. Chance in the images and chance in training add up: one part is what the agreement of the halves
     * lacks of 1, lifted to all images by the formula of Spearman and Brown, the other what that of the checkpoints
     * lacks.
     *
     * <p>Correlations count within subspaces: by how much the supernets as wholes differ is the same in every
     * measurement and would hide the noise.
     */
    public double ofAccuracy() {
        double half = halves.rhoWithinSubspaces();
        double ofImages = half <= 0 ? 0 : 2 * half / (1 + half);
        double ofTraining =
                checkpoints.map(SubspaceCorrelation::rhoWithinSubspaces).orElse(1.0);
        return Math.max(0, ofImages + ofTraining - 1);
    }

    /**
     * What {@code reliability.json} says.
     *
     * @param ranking the ranking whose accuracies each get an interval
     */
    public ReliabilityRecord toRecord(Ranking ranking) {
        return ReliabilityRecord.of(images, halves, checkpoints, prior, ofAccuracy(), intervals(ranking));
    }

    private List<ReliabilityRecord.Interval> intervals(Ranking ranking) {
        return ranking.subnets().stream()
                .map(subnet -> subnet.value(Columns.ACCURACY))
                .distinct()
                .sorted(Comparator.reverseOrder())
                .map(accuracy -> {
                    ConfidenceInterval interval =
                            Proportion.of(accuracy, images).interval();
                    return new ReliabilityRecord.Interval(accuracy, interval.getLowerBound(), interval.getUpperBound());
                })
                .toList();
    }
}
