package io.efsnas.scoring;

import io.efsnas.data.Batch;
import io.efsnas.data.ScoringBatches;
import io.efsnas.space.Architecture;
import io.efsnas.supernet.Evaluation;
import io.efsnas.supernet.NormStatistics;
import io.efsnas.supernet.Supernet;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;

/** Scores many subnets of a supernet on the same images. */
public final class SubnetScorer {

    private SubnetScorer() {}

    /**
     * Every subnet's evaluation over all batches, in the order of the subnets.
     *
     * @param scored called after each batch
     */
    public static List<SubnetScore> score(
            Supernet supernet, List<Architecture> subnets, ScoringBatches batches, Runnable scored) {
        return score(batch -> supernet.score(batch, subnets), subnets, batches, scored);
    }

    /**
     * The same by statistics of each subnet's batch norms that are taken first, in place of those of each batch: how many
     * images are scored at a time, and which, then changes no evaluation of an image.
     *
     * @param scored called after each batch
     */
    public static List<SubnetScore> score(
            Supernet supernet,
            List<Architecture> subnets,
            Recalibration recalibration,
            ScoringBatches batches,
            Runnable scored) {
        List<NormStatistics> statistics = recalibration.of(supernet, subnets);
        return score(batch -> supernet.score(batch, subnets, statistics), subnets, batches, scored);
    }

    private static List<SubnetScore> score(
            Function<Batch, List<Evaluation>> evaluation,
            List<Architecture> subnets,
            ScoringBatches batches,
            Runnable scored) {
        List<Evaluation> even = new ArrayList<>(Collections.nCopies(subnets.size(), Evaluation.NONE));
        List<Evaluation> odd = new ArrayList<>(even);
        for (int i = 0; i < batches.count(); i++) {
            Batch batch = batches.batch(i);
            List<Evaluation> totals = i % 2 == 0 ? even : odd;
            List<Evaluation> evaluations = evaluation.apply(batch);
            for (int subnet = 0; subnet < subnets.size(); subnet++) {
                totals.set(subnet, totals.get(subnet).plus(evaluations.get(subnet)));
            }
            scored.run();
        }
        List<SubnetScore> scores = new ArrayList<>();
        for (int subnet = 0; subnet < subnets.size(); subnet++) {
            scores.add(new SubnetScore(subnets.get(subnet), even.get(subnet), odd.get(subnet)));
        }
        return scores;
    }
}
