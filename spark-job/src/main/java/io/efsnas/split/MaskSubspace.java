package io.efsnas.split;

import io.efsnas.space.Architecture;
import io.efsnas.space.Counted;
import io.efsnas.space.Enumeration;
import io.efsnas.space.Sampling;
import io.efsnas.space.SearchSpace;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The architectures that make one of the allowed choices at each position.
 *
 * @param allowed the choices of each position, ascending and at least one
 */
public record MaskSubspace(SearchSpace space, List<List<Integer>> allowed) implements Subspace {

    public MaskSubspace {
        allowed = allowed.stream()
                .map(choices -> choices.stream().distinct().sorted().toList())
                .toList();
        List<Integer> choices = space.choices();
        if (allowed.size() != choices.size()) {
            throw new IllegalArgumentException(
                    "architectures have " + choices.size() + " positions, not " + allowed.size());
        }
        for (int position = 0; position < allowed.size(); position++) {
            List<Integer> here = allowed.get(position);
            if (here.isEmpty() || here.get(0) < 0 || here.get(here.size() - 1) >= choices.get(position)) {
                throw new IllegalArgumentException("position " + position + " has the choices 0 to "
                        + (choices.get(position) - 1) + ", and " + here + " are no selection of them");
            }
        }
    }

    /** All of a space. */
    public static MaskSubspace whole(SearchSpace space) {
        return new MaskSubspace(
                space,
                space.choices().stream()
                        .map(count -> IntStream.range(0, count).boxed().toList())
                        .toList());
    }

    /**
     * A part of a space in which the choice at one position rules out none at another.
     *
     * @throws IllegalArgumentException if it does
     */
    public static MaskSubspace of(Subspace subspace) {
        return new MaskSubspace(
                subspace.space(),
                subspace.product()
                        .orElseThrow(() -> new IllegalArgumentException("the subspace " + subspace.label()
                                + " cannot be split at a position, because a choice in it can rule out others")));
    }

    /** Those that make one of a few choices at a position, and are otherwise as in this one. */
    public MaskSubspace restricted(int position, List<Integer> choices) {
        List<List<Integer>> fewer = new ArrayList<>(allowed);
        fewer.set(position, choices);
        return new MaskSubspace(space, fewer);
    }

    /** Whether every choice of the space is allowed. */
    public boolean isWhole() {
        return equals(whole(space));
    }

    /** Counts no further, and of a part that can be listed, whatever the whole space is. */
    @Override
    public boolean hasAtLeast(int architectures) {
        return !Enumeration.isPossible(allowed)
                || Enumeration.of(allowed)
                                .filter(space::connected)
                                .limit(architectures)
                                .count()
                        == architectures;
    }

    /** The positions that do not have all choices, each with its own, such as {@code 0:1,3 4:2}; all of a space is {@code all}. */
    @Override
    public String label() {
        String restricted = IntStream.range(0, allowed.size())
                .filter(position ->
                        allowed.get(position).size() < space.choices().get(position))
                .mapToObj(position -> position + ":"
                        + allowed.get(position).stream().map(String::valueOf).collect(Collectors.joining(",")))
                .collect(Collectors.joining(" "));
        return restricted.isEmpty() ? "all" : restricted;
    }

    @Override
    public boolean contains(Architecture architecture) {
        for (int position = 0; position < allowed.size(); position++) {
            if (!allowed.get(position).contains(architecture.choice(position))) {
                return false;
            }
        }
        return true;
    }

    @Override
    public Architecture sample(RandomGenerator random) {
        return Sampling.connected(space, allowed, random);
    }

    @Override
    public Optional<List<List<Integer>>> product() {
        return Optional.of(allowed);
    }

    /** Of all of a space that counts, what it has counted; of a part, if the whole space can be listed. */
    @Override
    public Optional<BigInteger> size() {
        if (space instanceof Counted counted && isWhole()) {
            return Optional.of(counted.sizes().values().stream().reduce(BigInteger.ZERO, BigInteger::add));
        }
        // Not if the part alone can be: the hundreds of parts of a large space would be listed one after the other.
        return Enumeration.isPossible(space)
                ? Optional.of(BigInteger.valueOf(
                        Enumeration.of(allowed).filter(space::connected).count()))
                : Optional.empty();
    }
}
