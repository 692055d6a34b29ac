package io.efsnas.driver.flow;

import io.efsnas.network.ModelSize;
import io.efsnas.network.Network;
import io.efsnas.random.KeyedRandom;
import io.efsnas.random.KeyedRandom.Purpose;
import io.efsnas.split.Subspace;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/** What training the supernets of a plan costs, estimated from subnets drawn as training draws them. */
public final class TrainingCosts {

    private static final int DRAWN = 200;
    /** The forward pass, the gradients of the inputs and those of the weights. */
    private static final int PASSES = 3;

    private final SearchPlan plan;

    public TrainingCosts(SearchPlan plan) {
        this.plan = plan;
    }

    /** Mean multiply-adds of a subnet's live network for one image. */
    public double subnetFlops(Subspace subspace) {
        ModelSize size = plan.supernetSize(subspace);
        SplittableRandom random = KeyedRandom.of(plan.config().seed(), Purpose.TRAINED_SUBNETS, subspace.index());
        return Stream.generate(() -> plan.partition().sample(subspace, random))
                .limit(DRAWN)
                .map(architecture -> plan.partition().space().network(architecture, size))
                .map(Network::cost)
                .mapToLong(cost -> cost.flops())
                .average()
                .orElseThrow();
    }

    /** Multiply-adds of the steps that a subspace's supernet takes itself. */
    public double trainingFlops(Subspace subspace) {
        return flops(plan.config().training().steps() - warmStartSteps(), subspace);
    }

    /** Multiply-adds of the warm start; 0 without one. */
    public double warmStartFlops() {
        return plan.partition().subspaces().stream()
                .mapToDouble(subspace -> flops(warmStartSteps(), subspace))
                .sum();
    }

    /** How many of each supernet's steps the warm start takes for it. */
    public int warmStartSteps() {
        return plan.config().training().stepsUpTo(plan.config().training().warmStartRounds());
    }

    private double flops(int steps, Subspace subspace) {
        double images = (double) steps
                * plan.config().training().subnetsPerStep()
                * plan.config().training().batch();
        return images * PASSES * subnetFlops(subspace);
    }

    /** How often a supernet's training sees each image. */
    public double epochs(int images) {
        return (double) plan.config().training().steps()
                * plan.config().training().batch()
                / images;
    }
}
