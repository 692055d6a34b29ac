package io.efsnas.training;

import io.efsnas.space.Architecture;
import io.efsnas.space.KeyedRandom;
import io.efsnas.space.KeyedRandom.Purpose;
import io.efsnas.space.Partition;
import io.efsnas.space.Subspace;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/**
 * Draws the subnets of a step uniformly from the subspace. That every supernet gets the same number of steps and draws
 * is supernet-balanced sampling (Oh, Lee, Ham, AAAI 2025), done across executors.
 */
final class SubnetSampler {

    private final Partition partition;
    private final Subspace subspace;
    private final int subnetsPerStep;
    private final long seed;

    SubnetSampler(Partition partition, Subspace subspace, int subnetsPerStep, long seed) {
        this.partition = partition;
        this.subspace = subspace;
        this.subnetsPerStep = subnetsPerStep;
        this.seed = seed;
    }

    List<Architecture> subnets(long step) {
        SplittableRandom random = KeyedRandom.of(seed, Purpose.TRAINED_SUBNETS, subspace.index(), step);
        return Stream.generate(() -> partition.sample(subspace, random))
                .limit(subnetsPerStep)
                .toList();
    }
}
