package io.efsnas.training.scheme;

import io.efsnas.provider.Settings;
import io.efsnas.random.KeyedRandom;
import io.efsnas.random.KeyedRandom.Purpose;
import io.efsnas.space.Architecture;
import io.efsnas.split.Subspace;
import io.efsnas.split.SupernetNode;
import io.efsnas.supernet.Combination;
import io.efsnas.supernet.Lesson;
import io.efsnas.supernet.PendingEvaluation;
import io.efsnas.supernet.Supernet;
import io.efsnas.supernet.TrainingStep;
import io.efsnas.training.LearningRatePlan;
import io.efsnas.training.SchemeSpec;
import io.efsnas.training.StepContext;
import io.efsnas.training.TrainingPlan;
import io.efsnas.training.TrainingScheme;
import io.efsnas.training.TrainingSchemeProvider;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * Subnet-aware dynamic training (Jeon et al., DYNAS, CVPR 2025). Each step trains one subnet, drawn uniformly, with a
 * learning rate that falls early for small subnets and late for large ones, and with the momenta of its choice at one
 * position, which is drawn once: subnets that make other choices there do not carry each other along.
 */
final class DynamicScheme implements TrainingScheme {

    private static final String SMALLEST_POWER = "smallest-power";
    private static final String LARGEST_POWER = "largest-power";
    private static final int MOST_POWER = 100;

    /**
     * What is the same in all steps of a supernet.
     *
     * @param position whose choices have momenta of their own; empty if no position has two choices
     */
    private record PerSupernet(CostRange range, OptionalInt position) {

        static PerSupernet of(StepContext context) {
            Subspace subspace = context.node().subspace();
            List<Integer> choices = subspace.product()
                    .map(product -> product.stream().map(List::size).toList())
                    .orElseGet(subspace.space()::choices);
            int[] several = IntStream.range(0, choices.size())
                    .filter(position -> choices.get(position) > 1)
                    .toArray();
            int drawn = several.length == 0
                    ? 0
                    : KeyedRandom.of(
                                    context.plan().seed(),
                                    Purpose.MOMENTA,
                                    context.node().key())
                            .nextInt(several.length);
            return new PerSupernet(
                    CostRange.of(context.node()),
                    IntStream.of(several).skip(drawn).findFirst());
        }
    }

    private final double smallestPower;
    private final double largestPower;
    /** Of the subnets of this round, so that a step describes no network that was trained before. */
    private final Map<Architecture, Double> powers = new HashMap<>();
    /** Null before the first step. */
    private PerSupernet known;

    private DynamicScheme(double smallestPower, double largestPower) {
        this.smallestPower = smallestPower;
        this.largestPower = largestPower;
    }

    @Override
    public int subnetsPerStep(Subspace subspace) {
        return 1;
    }

    @Override
    public boolean givesLessons() {
        return true;
    }

    @Override
    public PendingEvaluation step(Supernet supernet, StepContext context) {
        if (known == null) {
            known = PerSupernet.of(context);
        }
        Architecture subnet = context.node().subspace().sample(context.random());
        int momenta = known.position.stream().map(subnet::choice).findFirst().orElse(0);
        TrainingStep step =
                new TrainingStep(List.of(Lesson.of(subnet)), Combination.MEAN, learningRate(subnet, context), momenta);
        return supernet.train(context.batch(), step);
    }

    /**
     * The rate falls from the initial to the final one as the rest of the training to the power of the subnet, and rises
     * before as that of all other schemes.
     */
    private float learningRate(Architecture subnet, StepContext context) {
        TrainingPlan plan = context.plan();
        double power = powers.computeIfAbsent(subnet, any -> power(parameters(any, context.node()), known.range));
        double falling = StrictMath.pow(1 - context.progress(), power);
        LearningRatePlan rates = plan.rates();
        return (float) (context.risen() * (rates.last() + (rates.initial() - rates.last()) * falling));
    }

    private static long parameters(Architecture subnet, SupernetNode node) {
        return node.subspace().space().cost(subnet, node.size()).parameters();
    }

    /** On a line in the logarithm of the parameters; halfway if all subnets have equally many. */
    double power(long parameters, CostRange range) {
        double whole = StrictMath.log((double) range.mostParameters() / range.leastParameters());
        double share = whole == 0 ? 0.5 : StrictMath.log((double) parameters / range.leastParameters()) / whole;
        return smallestPower + Math.max(0, Math.min(1, share)) * (largestPower - smallestPower);
    }

    /** Makes it. */
    public static final class Provider implements TrainingSchemeProvider {

        /** Those of the authors' code. */
        private static final Map<String, Object> DEFAULTS = Map.of(SMALLEST_POWER, 4, LARGEST_POWER, 0.25);

        @Override
        public String name() {
            return "dynamic";
        }

        @Override
        public Map<String, Object> defaults() {
            return DEFAULTS;
        }

        @Override
        public TrainingScheme create(SchemeSpec spec) {
            spec.requireOneSubnetPerStep("the learning rate of a step is that of its subnet");
            Settings settings = new Settings(spec.settings());
            return new DynamicScheme(
                    settings.between(SMALLEST_POWER, 0, MOST_POWER), settings.between(LARGEST_POWER, 0, MOST_POWER));
        }
    }
}
