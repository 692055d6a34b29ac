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
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * Strict fairness (Chu, Zhang, Xu, FairNAS, ICCV 2021): each step trains as many subnets as a position has choices, and
 * every choice of every position is in exactly one of them. The subnets are drawn as one random permutation of the choices
 * for each position. Their gradients are summed into one update, as if each choice had been trained alone.
 *
 * <p>Some permutations make subnets that are not connected. All of a step are then drawn again: to draw only one again
 * would use some choices twice. A position with a single choice, as a split leaves it, is in all subnets like the parts
 * that belong to no choice.
 */
final class FairScheme implements TrainingScheme {

    /** Draws in a row that are not all connected, after which a subspace is taken to have no fair step. */
    private static final int MOST_TRIES = 10_000;

    /** Of the supernet that takes the steps; null before the first one. */
    private List<List<Integer>> choices;

    @Override
    public int subnetsPerStep(Subspace subspace) {
        List<List<Integer>> here = choices(subspace);
        if (draw(subspace, here, new SplittableRandom(0)).isEmpty()) {
            throw new IllegalArgumentException("the subspace " + subspace.label() + " does not have " + number(here)
                    + " connected architectures that use every choice once");
        }
        return number(here);
    }

    /** Not every choice would be trained once. */
    @Override
    public boolean suitsPathDropout() {
        return false;
    }

    private static List<List<Integer>> choices(Subspace subspace) {
        List<List<Integer>> product = subspace.product()
                .orElseThrow(() -> new IllegalArgumentException("in the subspace " + subspace.label()
                        + " a choice can rule out others, so that not all can be used equally often"));
        List<Integer> numbers = product.stream()
                .map(List::size)
                .filter(size -> size > 1)
                .distinct()
                .sorted()
                .toList();
        if (numbers.size() > 1) {
            throw new IllegalArgumentException("the positions of the subspace " + subspace.label()
                    + " have different numbers of choices: " + numbers);
        }
        return product;
    }

    private static int number(List<List<Integer>> choices) {
        return choices.stream().mapToInt(List::size).max().orElse(1);
    }

    /** Empty if none of many draws has connected architectures alone. */
    private static Optional<List<Architecture>> draw(
            Subspace subspace, List<List<Integer>> choices, RandomGenerator random) {
        int number = number(choices);
        for (int tries = 0; tries < MOST_TRIES; tries++) {
            int[][] orders = new int[choices.size()][];
            for (int position = 0; position < orders.length; position++) {
                orders[position] = shuffled(choices.get(position), number, random);
            }
            List<Architecture> subnets = IntStream.range(0, number)
                    .mapToObj(subnet -> new Architecture(IntStream.range(0, orders.length)
                            .mapToObj(position -> orders[position][subnet])
                            .toList()))
                    .toList();
            if (subnets.stream().allMatch(subspace.space()::connected)) {
                return Optional.of(subnets);
            }
        }
        return Optional.empty();
    }

    /** A single choice as often as there are subnets, or all choices in random order. */
    private static int[] shuffled(List<Integer> choices, int number, RandomGenerator random) {
        int[] order = new int[number];
        for (int i = 0; i < number; i++) {
            int other = random.nextInt(i + 1);
            order[i] = order[other];
            order[other] = choices.get(i % choices.size());
        }
        return order;
    }

    @Override
    public PendingEvaluation step(Supernet supernet, StepContext context) {
        Subspace subspace = context.node().subspace();
        if (choices == null) {
            choices = choices(subspace);
        }
        List<Architecture> subnets = draw(subspace, choices, context.random())
                .orElseThrow(() ->
                        new IllegalStateException("none of " + MOST_TRIES + " random permutations of the choices of "
                                + subspace.label() + " has connected architectures alone"));
        return context.train(supernet, subnets, Combination.SUM);
    }

    /** Makes it. */
    public static final class Provider implements TrainingSchemeProvider {

        @Override
        public String name() {
            return "fair";
        }

        @Override
        public TrainingScheme create(SchemeSpec spec) {
            spec.requireOneSubnetPerStep("a fair step trains as many subnets as a position has choices");
            return new FairScheme();
        }
    }
}
