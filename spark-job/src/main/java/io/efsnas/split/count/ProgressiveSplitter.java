package io.efsnas.split.count;

import io.efsnas.space.Counted;
import io.efsnas.space.SearchSpace;
import io.efsnas.split.Evidence;
import io.efsnas.split.Splitter;
import io.efsnas.split.Subspace;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;

/**
 * Splits by counts into two parts, then into three, and so on: each level splits one supernet in two, and the others go on
 * (after Liu et al., arXiv 2206.05896). From the last level back, the two neighbouring parts that are smallest together are
 * one part in the level before.
 */
final class ProgressiveSplitter implements Splitter {

    private static final int FEWEST = 2;

    /** The first into two. */
    private final List<CountSplitter> levels;

    /**
     * @param groups the counts of each of the last parts, of which there are at least two
     */
    ProgressiveSplitter(SearchSpace space, List<List<Integer>> groups) {
        List<CountSplitter> finestFirst = new ArrayList<>();
        for (List<List<Integer>> next = groups;
                next.size() >= FEWEST;
                next = coarser(next, Counted.of(space).sizes())) {
            finestFirst.add(CountSplitter.of(space, next));
        }
        Collections.reverse(finestFirst);
        levels = List.copyOf(finestFirst);
    }

    private static List<List<Integer>> coarser(List<List<Integer>> groups, SortedMap<Integer, BigInteger> sizes) {
        int smallest = 0;
        for (int i = 1; i + 1 < groups.size(); i++) {
            if (size(groups, i, sizes).compareTo(size(groups, smallest, sizes)) < 0) {
                smallest = i;
            }
        }
        List<Integer> joined = new ArrayList<>(groups.get(smallest));
        joined.addAll(groups.get(smallest + 1));
        List<List<Integer>> coarser = new ArrayList<>(groups);
        coarser.remove(smallest + 1);
        coarser.set(smallest, joined);
        return coarser;
    }

    /** Of a group and the next one. */
    private static BigInteger size(List<List<Integer>> groups, int first, SortedMap<Integer, BigInteger> sizes) {
        return groups.subList(first, first + 2).stream()
                .flatMap(List::stream)
                .map(sizes::get)
                .reduce(BigInteger.ZERO, BigInteger::add);
    }

    @Override
    public int levels() {
        return levels.size();
    }

    @Override
    public Splitter at(int level) {
        return levels.get(level);
    }

    @Override
    public int parts() {
        return last().parts();
    }

    @Override
    public int leaves() {
        return parts();
    }

    @Override
    public List<Subspace> split(Subspace whole, Evidence evidence) {
        return last().split(whole, evidence);
    }

    private CountSplitter last() {
        return levels.get(levels.size() - 1);
    }
}
