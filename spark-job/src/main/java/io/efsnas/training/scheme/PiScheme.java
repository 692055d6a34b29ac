package io.efsnas.training.scheme;

import io.efsnas.provider.Settings;
import io.efsnas.space.Architecture;
import io.efsnas.split.Subspace;
import io.efsnas.supernet.Combination;
import io.efsnas.supernet.Lesson;
import io.efsnas.supernet.PendingEvaluation;
import io.efsnas.supernet.Supernet;
import io.efsnas.supernet.Teacher;
import io.efsnas.supernet.TrainingStep;
import io.efsnas.training.SchemeSpec;
import io.efsnas.training.StepContext;
import io.efsnas.training.TrainingScheme;
import io.efsnas.training.TrainingSchemeProvider;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Makes two subnets agree that have no choice in common (after Peng et al., Pi-NAS, ICCV 2021). Each step draws the two, and
 * moves the averages of the weights that they use (<i>nontrivial mean teacher</i>). Each learns from the labels and from
 * what the other answers with averaged weights. The gradients of the two are summed. The paper learns from images without
 * labels, by contrasting views of them; this is a supervised form of it.
 */
final class PiScheme implements TrainingScheme {

    private static final String IMITATION = "imitation";
    private static final String DECAY = "decay";
    private static final int MOST_IMITATION = 1000;

    /** Draws of two subnets in a row, after which a subspace is taken to have no two without a choice in common. */
    private static final int MOST_TRIES = 100;

    /** How many are drawn where a choice can rule out others, to find the one that is least like another. */
    private static final int COMPARED = 16;

    private final float imitation;
    private final float decay;

    private PiScheme(float imitation, float decay) {
        this.imitation = imitation;
        this.decay = decay;
    }

    @Override
    public int subnetsPerStep(Subspace subspace) {
        return 2;
    }

    @Override
    public double forwardPasses(Subspace subspace) {
        return 2;
    }

    @Override
    public boolean givesLessons() {
        return true;
    }

    @Override
    public PendingEvaluation step(Supernet supernet, StepContext context) {
        Subspace subspace = context.node().subspace();
        List<Architecture> pair = subspace.product()
                .flatMap(choices -> disjoint(subspace, choices, context.random()))
                .orElseGet(() -> unlike(subspace, context.random()));
        supernet.average(pair, decay);
        List<Lesson> lessons = List.of(lesson(pair.get(0), pair.get(1)), lesson(pair.get(1), pair.get(0)));
        return supernet.train(context.batch(), new TrainingStep(lessons, Combination.SUM, context.learningRate()));
    }

    private Lesson lesson(Architecture subnet, Architecture other) {
        return Lesson.of(subnet, 1, imitation, new Teacher.Averaged(other));
    }

    /** Two that make different choices wherever there are two; empty if many draws find none. */
    private static Optional<List<Architecture>> disjoint(
            Subspace subspace, List<List<Integer>> choices, RandomGenerator random) {
        return Stream.generate(() -> drawn(choices, random))
                .limit(MOST_TRIES)
                .filter(pair -> pair.stream().allMatch(subspace.space()::connected))
                .findFirst();
    }

    private static List<Architecture> drawn(List<List<Integer>> choices, RandomGenerator random) {
        Integer[] one = new Integer[choices.size()];
        Integer[] other = new Integer[choices.size()];
        for (int position = 0; position < one.length; position++) {
            List<Integer> here = choices.get(position);
            int first = random.nextInt(here.size());
            int further = here.size() == 1 ? 0 : 1 + random.nextInt(here.size() - 1);
            one[position] = here.get(first);
            other[position] = here.get((first + further) % here.size());
        }
        return List.of(Architecture.of(one), Architecture.of(other));
    }

    /** One of the subspace, and, of some others, the one that makes the fewest of its choices. */
    private static List<Architecture> unlike(Subspace subspace, RandomGenerator random) {
        Architecture one = subspace.sample(random);
        Architecture other = Stream.generate(() -> subspace.sample(random))
                .limit(COMPARED)
                .min(Comparator.comparingLong(any -> choicesInCommon(one, any)))
                .orElseThrow();
        return List.of(one, other);
    }

    private static long choicesInCommon(Architecture one, Architecture other) {
        return IntStream.range(0, one.choices().size())
                .filter(position -> one.choice(position) == other.choice(position))
                .count();
    }

    /** Makes it. */
    public static final class Provider implements TrainingSchemeProvider {

        private static final Map<String, Object> DEFAULTS = Map.of(IMITATION, 1, DECAY, 0.999);

        @Override
        public String name() {
            return "pi";
        }

        @Override
        public Map<String, Object> defaults() {
            return DEFAULTS;
        }

        @Override
        public TrainingScheme create(SchemeSpec spec) {
            spec.requireOneSubnetPerStep("a step trains two subnets that teach each other");
            Settings settings = new Settings(spec.settings());
            return new PiScheme((float) settings.between(IMITATION, 0, MOST_IMITATION), (float) settings.share(DECAY));
        }
    }
}
