package io.efsnas.training;

import io.efsnas.checkpoint.SupernetIndex;
import io.efsnas.random.KeyedRandom;
import io.efsnas.random.KeyedRandom.Purpose;
import io.efsnas.space.Architecture;
import io.efsnas.split.Partition;
import io.efsnas.split.Subspace;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;

/**
 * Draws the subnets of a supernet's steps from its subspaces in turn, uniformly from each. That all subspaces get the
 * same number of draws is supernet-balanced sampling (Oh, Lee, Ham, AAAI 2025): within a warm start of all subspaces,
 * and across executors where every supernet has a subspace of its own and takes the same number of steps.
 */
final class SubnetSampler {

    private final Partition partition;
    private final int supernet;
    private final List<Subspace> subspaces;
    private final int subnetsPerStep;
    private final long seed;

    /** @param supernet its {@link SupernetIndex} */
    SubnetSampler(Partition partition, int supernet, int subnetsPerStep, long seed) {
        this.partition = partition;
        this.supernet = supernet;
        this.subspaces = supernet == SupernetIndex.WARM_START
                ? partition.subspaces()
                : List.of(partition.subspaces().get(supernet));
        this.subnetsPerStep = subnetsPerStep;
        this.seed = seed;
    }

    List<Architecture> subnets(long step) {
        SplittableRandom random = KeyedRandom.of(seed, Purpose.TRAINED_SUBNETS, supernet, step);
        return LongStream.range(step * subnetsPerStep, (step + 1) * subnetsPerStep)
                .mapToObj(draw -> subspaces.get((int) (draw % subspaces.size())))
                .map(subspace -> partition.sample(subspace, random))
                .toList();
    }
}
