package io.efsnas.split.gradient;

import io.efsnas.space.Architecture;
import io.efsnas.space.Enumeration;
import io.efsnas.split.MaskSubspace;
import io.efsnas.split.Subspace;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * A position whose choices can be compared, because there are paths on which each of them gives a connected architecture.
 *
 * @param whole the subspace that may be split there
 */
record ComparedPosition(MaskSubspace whole, int position) {

    /** Draws in a row that find no path, after which there is taken to be none. */
    private static final int MOST_TRIES = 1_000_000;

    /**
     * The positions of a subspace that can be compared: those that were not split before and have several choices. In a
     * subspace that is too large to be listed they are all taken to have a path.
     */
    static List<ComparedPosition> of(MaskSubspace whole) {
        return IntStream.range(0, whole.allowed().size())
                .mapToObj(position -> new ComparedPosition(whole, position))
                .filter(ComparedPosition::isWhole)
                .filter(ComparedPosition::hasPath)
                .toList();
    }

    private boolean isWhole() {
        int choices = whole.space().choices().get(position);
        return choices > 1 && choices().size() == choices;
    }

    private boolean hasPath() {
        List<List<Integer>> paths =
                whole.restricted(position, choices().subList(0, 1)).allowed();
        return !Enumeration.isPossible(paths) || Enumeration.of(paths).anyMatch(this::suitsAll);
    }

    private boolean suitsAll(Architecture path) {
        return choices().stream().allMatch(choice -> whole.space().connected(path.with(position, choice)));
    }

    /** The choices that are compared, ascending. */
    List<Integer> choices() {
        return whole.allowed().get(position);
    }

    /**
     * A random path with each of the choices in turn.
     *
     * @throws IllegalStateException if a million random paths suit none
     */
    List<Architecture> draw(RandomGenerator random) {
        for (int tries = 0; tries < MOST_TRIES; tries++) {
            Architecture path = whole.sample(random);
            if (suitsAll(path)) {
                return choices().stream()
                        .map(choice -> path.with(position, choice))
                        .toList();
            }
        }
        throw new IllegalStateException("none of " + MOST_TRIES + " random architectures of " + whole.label()
                + " is connected with every choice at position " + position);
    }

    /**
     * The cut of the choices into two groups.
     *
     * @param distances the distance of every two choices, by {@link #name}
     */
    BalancedCut cut(ToDoubleFunction<String> distances) {
        List<Integer> choices = choices();
        double[][] matrix = new double[choices.size()][choices.size()];
        for (int a = 0; a < matrix.length; a++) {
            for (int b = 0; b < a; b++) {
                matrix[a][b] = distances.applyAsDouble(name(choices.get(b), choices.get(a)));
                matrix[b][a] = matrix[a][b];
            }
        }
        return BalancedCut.of(matrix);
    }

    /** The parts of the subspace that a cut of the choices makes. */
    List<Subspace> parts(BalancedCut cut) {
        return List.of(part(cut.first()), part(cut.second()));
    }

    private Subspace part(List<Integer> indices) {
        return whole.restricted(position, indices.stream().map(choices()::get).toList());
    }

    /**
     * The name in the evidence of the distance of two choices.
     *
     * @param choice the smaller one
     */
    String name(int choice, int other) {
        return "position " + position + ": " + choice + "-" + other;
    }

    /** The name in the evidence of the sum of the distances across the cut. */
    String cutName() {
        return "position " + position + ": cut";
    }
}
