package io.efsnas.split.cut;

import io.efsnas.space.Architecture;
import io.efsnas.space.Enumeration;
import io.efsnas.split.MaskSubspace;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * A position whose choices can be compared, because there are paths on which each of them gives a connected architecture.
 *
 * @param whole the subspace that may be split there
 */
public record ComparedPosition(MaskSubspace whole, int position) {

    /** Draws in a row that find no path, after which there is taken to be none. */
    private static final int MOST_TRIES = 1_000_000;

    /**
     * The positions of a subspace that can be compared: those that were not split before and have several choices. In a
     * subspace that is too large to be listed they are all taken to have a path.
     */
    public static List<ComparedPosition> of(MaskSubspace whole) {
        return IntStream.range(0, whole.allowed().size())
                .mapToObj(position -> new ComparedPosition(whole, position))
                .filter(ComparedPosition::isWhole)
                .filter(ComparedPosition::hasPath)
                .toList();
    }

    /** How many choices all of them have together. */
    public static int choices(MaskSubspace whole) {
        return of(whole).stream()
                .mapToInt(compared -> compared.choices().size())
                .sum();
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
    public List<Integer> choices() {
        return whole.allowed().get(position);
    }

    /** The parts of the subspace that the cut of equal distances makes. */
    public List<MaskSubspace> evenly() {
        return ChoiceDistances.of(this, choices(), (one, other) -> 1).parts(whole);
    }

    /**
     * A random path with each of the choices in turn.
     *
     * @throws IllegalStateException if a million random paths suit none
     */
    public List<Architecture> draw(RandomGenerator random) {
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
     * Looks at a random path with each of the choices in turn. Choices that give the same network, as at a position that
     * does not lead to the output, are looked at once.
     *
     * @return what was seen of each choice
     * @throws IllegalStateException if a million random paths suit none
     */
    public <T> List<T> look(RandomGenerator random, Function<Architecture, T> look) {
        Map<Architecture, T> ofNetworks = new HashMap<>();
        return draw(random).stream()
                .map(subnet -> ofNetworks.computeIfAbsent(whole.space().live(subnet), look))
                .toList();
    }
}
