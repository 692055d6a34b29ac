package io.efsnas.driver.ranking;

import io.efsnas.space.Architecture;
import io.efsnas.space.SearchSpace;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Scored subnets of all subspaces, the best first: by score (see {@link RankingScore}), then by higher accuracy, lower
 * loss, fewer FLOPs, fewer parameters and at last by the architecture's text. Two subnets never tie, so the order does not depend on the one in which executors
 * reported. Immutable.
 */
public final class Ranking {

    private final SearchSpace space;
    private final List<ScoredSubnet> subnets;
    private final String rankedBy;

    /**
     * Ranks subnets, given in any order, by what need not be told.
     *
     * @throws IllegalArgumentException naming an architecture that was scored twice
     */
    public Ranking(SearchSpace space, Collection<ScoredSubnet> scored) {
        this(space, scored, "");
    }

    /**
     * Ranks subnets, given in any order.
     *
     * @param rankedBy what their scores come from, and why, in a sentence for people
     * @throws IllegalArgumentException naming an architecture that was scored twice
     */
    public Ranking(SearchSpace space, Collection<ScoredSubnet> scored, String rankedBy) {
        Set<Architecture> seen = new HashSet<>();
        for (ScoredSubnet subnet : scored) {
            if (!seen.add(subnet.architecture())) {
                throw new IllegalArgumentException(space.format(subnet.architecture()) + " is scored twice");
            }
        }
        this.space = space;
        this.rankedBy = rankedBy;
        this.subnets = scored.stream().sorted(bestFirst(space)).toList();
    }

    private static Comparator<ScoredSubnet> bestFirst(SearchSpace space) {
        return Comparator.comparingDouble(ScoredSubnet::score)
                .thenComparingDouble(ScoredSubnet::accuracy)
                .reversed()
                .thenComparingDouble(ScoredSubnet::loss)
                .thenComparingLong(ScoredSubnet::flops)
                .thenComparingLong(ScoredSubnet::parameters)
                .thenComparing(subnet -> space.format(subnet.architecture()));
    }

    public SearchSpace space() {
        return space;
    }

    /** What the scores come from, and why; empty where that need not be told. */
    public String rankedBy() {
        return rankedBy;
    }

    /** The best first. */
    public List<ScoredSubnet> subnets() {
        return subnets;
    }
}
