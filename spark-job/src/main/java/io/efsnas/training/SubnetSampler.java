package io.efsnas.training;

import io.efsnas.random.KeyedRandom;
import io.efsnas.random.KeyedRandom.Purpose;
import io.efsnas.space.Architecture;
import io.efsnas.split.Subspace;
import io.efsnas.split.SupernetNode;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;

/**
 * Draws the subnets of a supernet's steps from its strata in turn, uniformly from each. That all get the same number of
 * draws is supernet-balanced sampling (Oh, Lee, Ham, AAAI 2025): within a supernet for all subspaces, and across executors
 * where every supernet has a subspace of its own and takes the same number of steps.
 */
final class SubnetSampler {

    private final List<Subspace> strata;
    private final long key;
    private final int subnetsPerStep;
    private final long seed;

    SubnetSampler(SupernetNode node, int subnetsPerStep, long seed) {
        this.strata = node.strata();
        this.key = node.key();
        this.subnetsPerStep = subnetsPerStep;
        this.seed = seed;
    }

    List<Architecture> subnets(long step) {
        SplittableRandom random = KeyedRandom.of(seed, Purpose.TRAINED_SUBNETS, key, step);
        return LongStream.range(step * subnetsPerStep, (step + 1) * subnetsPerStep)
                .mapToObj(draw -> strata.get((int) (draw % strata.size())))
                .map(subspace -> subspace.sample(random))
                .toList();
    }
}
