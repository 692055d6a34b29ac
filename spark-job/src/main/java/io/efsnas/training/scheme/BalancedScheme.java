package io.efsnas.training.scheme;

import io.efsnas.space.Architecture;
import io.efsnas.split.Subspace;
import io.efsnas.supernet.Combination;
import io.efsnas.supernet.PendingEvaluation;
import io.efsnas.supernet.Supernet;
import io.efsnas.training.SchemeSpec;
import io.efsnas.training.StepContext;
import io.efsnas.training.TrainingScheme;
import io.efsnas.training.TrainingSchemeProvider;
import java.util.List;
import java.util.stream.LongStream;

/**
 * Draws the subnets of a supernet's steps from its strata in turn, uniformly from each. That all get the same number of
 * draws is supernet-balanced sampling (Oh, Lee, Ham, AAAI 2025): within a supernet for all subspaces, and across executors
 * where every supernet has a subspace of its own and takes the same number of steps.
 */
final class BalancedScheme implements TrainingScheme {

    private final int subnetsPerStep;

    BalancedScheme(int subnetsPerStep) {
        this.subnetsPerStep = subnetsPerStep;
    }

    @Override
    public int subnetsPerStep(Subspace subspace) {
        return subnetsPerStep;
    }

    @Override
    public PendingEvaluation step(Supernet supernet, StepContext context) {
        List<Subspace> strata = context.node().strata();
        long first = context.step() * subnetsPerStep;
        List<Architecture> subnets = LongStream.range(first, first + subnetsPerStep)
                .mapToObj(draw -> strata.get((int) (draw % strata.size())))
                .map(subspace -> subspace.sample(context.random()))
                .toList();
        return context.train(supernet, subnets, Combination.MEAN);
    }

    /** Makes it. */
    public static final class Provider implements TrainingSchemeProvider {

        @Override
        public String name() {
            return "balanced";
        }

        @Override
        public TrainingScheme create(SchemeSpec spec) {
            return new BalancedScheme(spec.subnetsPerStep());
        }
    }
}
