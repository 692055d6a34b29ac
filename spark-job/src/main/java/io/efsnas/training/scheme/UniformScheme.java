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
import java.util.stream.Stream;

/** Draws the subnets of each step uniformly from the whole subspace of a supernet (Guo et al., SPOS, ECCV 2020). */
final class UniformScheme implements TrainingScheme {

    private final int subnetsPerStep;

    UniformScheme(int subnetsPerStep) {
        this.subnetsPerStep = subnetsPerStep;
    }

    @Override
    public int subnetsPerStep(Subspace subspace) {
        return subnetsPerStep;
    }

    @Override
    public PendingEvaluation step(Supernet supernet, StepContext context) {
        List<Architecture> subnets = Stream.generate(
                        () -> context.node().subspace().sample(context.random()))
                .limit(subnetsPerStep)
                .toList();
        return context.train(supernet, subnets, Combination.MEAN);
    }

    /** Makes it. */
    public static final class Provider implements TrainingSchemeProvider {

        @Override
        public String name() {
            return "uniform";
        }

        @Override
        public TrainingScheme create(SchemeSpec spec) {
            return new UniformScheme(spec.subnetsPerStep());
        }
    }
}
