package io.efsnas.split.count;

import io.efsnas.space.Counted;
import io.efsnas.space.SearchSpace;
import io.efsnas.split.CountSubspace;
import io.efsnas.split.Evidence;
import io.efsnas.split.MaskSubspace;
import io.efsnas.split.Splitter;
import io.efsnas.split.Subspace;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** Splits by the number of nonlinear functions, which nothing has to be measured for. */
public final class CountSplitter implements Splitter {

    private final Optional<List<List<Integer>>> groups;
    private final int parts;

    private CountSplitter(Optional<List<List<Integer>>> groups, int parts) {
        this.groups = groups;
        this.parts = parts;
    }

    /**
     * Splits into the groups of counts given.
     *
     * @throws IllegalArgumentException if the groups are not a partition of the space's counts, saying which count is
     *     missing, unknown or in two groups
     */
    public static CountSplitter of(SearchSpace space, List<List<Integer>> groups) {
        CountSplitter splitter = new CountSplitter(Optional.of(List.copyOf(groups)), groups.size());
        splitter.requirePartition(space.name(), Counted.of(space).sizes().keySet());
        return splitter;
    }

    /**
     * Splits into groups of neighbouring counts whose sizes are as even as the counts allow, see {@link EvenGroups}.
     *
     * @throws IllegalArgumentException if there are fewer counts than parts
     */
    public static CountSplitter even(SearchSpace space, int parts) {
        int counts = Counted.of(space).sizes().size();
        if (parts < 1 || parts > counts) {
            throw new IllegalArgumentException(space.name() + " can be split into 1 to " + counts
                    + " subspaces, one for each count, not " + parts);
        }
        return new CountSplitter(Optional.empty(), parts);
    }

    private void requirePartition(String space, Iterable<Integer> counts) {
        TreeSet<Integer> known = new TreeSet<>();
        counts.forEach(known::add);
        TreeSet<Integer> missing = new TreeSet<>(known);
        for (List<Integer> group : groups.orElseThrow()) {
            if (group.isEmpty()) {
                throw new IllegalArgumentException("a group has no counts");
            }
            for (Integer count : group) {
                if (!known.contains(count)) {
                    throw new IllegalArgumentException(
                            "no architecture of " + space + " has the count " + count + "; its counts are " + known);
                }
                if (!missing.remove(count)) {
                    throw new IllegalArgumentException("the count " + count + " is listed twice");
                }
            }
        }
        if (!missing.isEmpty()) {
            throw new IllegalArgumentException("no group has the counts " + missing);
        }
    }

    /** The counts of each part of a space. */
    List<List<Integer>> groups(SearchSpace space) {
        return groups.orElseGet(() -> EvenGroups.of(Counted.of(space).sizes(), parts));
    }

    @Override
    public int parts() {
        return parts;
    }

    /** Of a subspace by counts that is a part of the space already, groups that are not in it are left out. */
    @Override
    public List<Subspace> split(Subspace whole, Evidence evidence) {
        SearchSpace space = whole.space();
        SortedMap<Integer, BigInteger> sizes = sizes(whole);
        return groups.orElseGet(() -> EvenGroups.of(sizes, parts)).stream()
                .filter(sizes.keySet()::containsAll)
                .<Subspace>map(group -> new CountSubspace(space, group))
                .toList();
    }

    private static SortedMap<Integer, BigInteger> sizes(Subspace whole) {
        SortedMap<Integer, BigInteger> sizes =
                new TreeMap<>(Counted.of(whole.space()).sizes());
        if (whole instanceof CountSubspace subspace) {
            sizes.keySet().retainAll(subspace.counts());
        } else if (!(whole instanceof MaskSubspace mask) || !mask.isWhole()) {
            throw new IllegalArgumentException("the subspace " + whole.label()
                    + " cannot be split by counts, which nobody knows of it; expected all of "
                    + whole.space().name());
        }
        return sizes;
    }
}
