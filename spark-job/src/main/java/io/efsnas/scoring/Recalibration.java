package io.efsnas.scoring;

import io.efsnas.data.TrainingBatches;
import io.efsnas.space.Architecture;
import io.efsnas.supernet.NormStatistics;
import io.efsnas.supernet.Supernet;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The training images on which the statistics of a subnet's batch norms are taken before it is scored. The weights of a
 * supernet have been trained in many subnets, so that no statistics of its training suit one of them; after the
 * recalibration of Guo et al., <i>Single Path One-Shot</i> (SPOS), ECCV 2020.
 *
 * @param images the images, the same for all subnets
 * @param batches how many batches of them, at least 1
 */
public record Recalibration(TrainingBatches images, int batches) {

    /** The means over the batches, each of which is normalised by its own statistics, for each subnet. */
    List<NormStatistics> of(Supernet supernet, List<Architecture> subnets) {
        List<NormStatistics> means = supernet.statistics(images.batch(0), subnets);
        for (int i = 1; i < batches; i++) {
            means = and(means, i, supernet.statistics(images.batch(i), subnets));
        }
        return means;
    }

    private static List<NormStatistics> and(List<NormStatistics> means, int before, List<NormStatistics> next) {
        return IntStream.range(0, means.size())
                .mapToObj(subnet -> means.get(subnet).and(before, next.get(subnet)))
                .toList();
    }
}
