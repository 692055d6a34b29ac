package io.efsnas.split;

import io.efsnas.space.Architecture;
import io.efsnas.space.Counted;
import io.efsnas.space.Sampling;
import io.efsnas.space.SearchSpace;
import java.io.Serializable;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.random.RandomGenerator;

/** A search space split into subspaces by the number of nonlinear functions. Immutable. */
public final class Partition implements Serializable {

    private static final long serialVersionUID = 1;

    private final SearchSpace space;
    private final List<Subspace> subspaces;
    private final Map<Integer, Subspace> byCount = new HashMap<>();

    private Partition(SearchSpace space, List<List<Integer>> groups, SortedMap<Integer, BigInteger> sizes) {
        this.space = space;
        List<Subspace> made = new ArrayList<>();
        for (List<Integer> group : groups) {
            BigInteger size = group.stream().map(sizes::get).reduce(BigInteger.ZERO, BigInteger::add);
            made.add(new Subspace(made.size(), group, size));
        }
        this.subspaces = List.copyOf(made);
        subspaces.forEach(subspace -> subspace.counts().forEach(count -> byCount.put(count, subspace)));
    }

    /**
     * Splits a space into the groups of counts given.
     *
     * @throws IllegalArgumentException if the groups are not a partition of the space's counts, saying which count is
     *     missing, unknown or in two groups
     */
    public static Partition of(SearchSpace space, List<List<Integer>> groups) {
        SortedMap<Integer, BigInteger> sizes = Counted.of(space).sizes();
        TreeSet<Integer> missing = new TreeSet<>(sizes.keySet());
        for (List<Integer> group : groups) {
            if (group.isEmpty()) {
                throw new IllegalArgumentException("a group has no counts");
            }
            for (Integer count : group) {
                if (!sizes.containsKey(count)) {
                    throw new IllegalArgumentException("no architecture of " + space.name() + " has the count " + count
                            + "; its counts are " + sizes.keySet());
                }
                if (!missing.remove(count)) {
                    throw new IllegalArgumentException("the count " + count + " is listed twice");
                }
            }
        }
        if (!missing.isEmpty()) {
            throw new IllegalArgumentException("no group has the counts " + missing);
        }
        return new Partition(space, groups, sizes);
    }

    /**
     * Splits a space into {@code parts} groups of neighbouring counts whose sizes are as even as the counts allow: the
     * sum of the squared sizes is the smallest possible. Only neighbours are grouped because the point of splitting is
     * that the architectures of a subspace are alike.
     *
     * @throws IllegalArgumentException if there are fewer counts than parts
     */
    public static Partition even(SearchSpace space, int parts) {
        SortedMap<Integer, BigInteger> sizes = Counted.of(space).sizes();
        if (parts < 1 || parts > sizes.size()) {
            throw new IllegalArgumentException(space.name() + " can be split into 1 to " + sizes.size()
                    + " subspaces, one for each count, not " + parts);
        }
        List<Integer> counts = List.copyOf(sizes.keySet());
        BigInteger[] upTo = new BigInteger[counts.size() + 1];
        upTo[0] = BigInteger.ZERO;
        for (int i = 0; i < counts.size(); i++) {
            upTo[i + 1] = upTo[i].add(sizes.get(counts.get(i)));
        }
        // least[p][end]: the smallest sum of squares of the first `end` counts in p groups; cut: where the last begins.
        BigInteger[][] least = new BigInteger[parts + 1][counts.size() + 1];
        int[][] cut = new int[parts + 1][counts.size() + 1];
        least[0][0] = BigInteger.ZERO;
        for (int part = 1; part <= parts; part++) {
            for (int end = part; end <= counts.size(); end++) {
                for (int start = part - 1; start < end; start++) {
                    if (least[part - 1][start] == null) {
                        continue;
                    }
                    BigInteger sum = least[part - 1][start].add(
                            upTo[end].subtract(upTo[start]).pow(2));
                    if (least[part][end] == null || sum.compareTo(least[part][end]) < 0) {
                        least[part][end] = sum;
                        cut[part][end] = start;
                    }
                }
            }
        }
        List<List<Integer>> groups = new ArrayList<>();
        int end = counts.size();
        for (int part = parts; part > 0; part--) {
            groups.add(0, counts.subList(cut[part][end], end));
            end = cut[part][end];
        }
        return new Partition(space, groups, sizes);
    }

    public SearchSpace space() {
        return space;
    }

    public List<Subspace> subspaces() {
        return subspaces;
    }

    /** The subspace whose supernet an architecture belongs to, by its count. */
    public Subspace subspaceOf(Architecture architecture) {
        return byCount.get(Counted.of(space).nonlinearities(architecture));
    }

    /** A connected architecture drawn uniformly from a subspace. */
    public Architecture sample(Subspace subspace, RandomGenerator random) {
        return Sampling.connected(
                space,
                architecture -> subspace.counts().contains(Counted.of(space).nonlinearities(architecture)),
                "its subspace",
                random);
    }
}
