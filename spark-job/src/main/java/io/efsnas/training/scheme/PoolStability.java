package io.efsnas.training.scheme;

import io.efsnas.space.Architecture;
import io.efsnas.supernet.SupernetState.Tensor;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

/**
 * Whether a pool of candidates has become stable: whether it still has most of the subnets that it had some draws before.
 * Pools are compared once in so many draws. A pool that was stable once counts as stable from then on.
 */
final class PoolStability {

    /** Names of the tensors of its state. */
    private static final String BEFORE = "stability.choices";

    private static final String DRAWS = "stability.draws";
    private static final String REACHED = "stability.reached";

    private final int capacity;
    private final double overlap;
    private final int every;
    private List<Architecture> before = List.of();
    private int draws;
    private boolean reached;

    /**
     * @param capacity the most subnets in the pool
     * @param overlap the share of the capacity that two pools of a stable one have in common at least, above 0 to 1
     * @param every the number of draws between the two
     */
    PoolStability(int capacity, double overlap, int every) {
        this.capacity = capacity;
        this.overlap = overlap;
        this.every = every;
    }

    /** The pool after one more draw. */
    void drawn(List<Architecture> pool) {
        draws++;
        if (draws == every) {
            reached |= overlap(before, pool, capacity) >= overlap;
            before = pool;
            draws = 0;
        }
    }

    boolean isReached() {
        return reached;
    }

    /** What two pools have in common, as a share of their capacity. */
    static double overlap(List<Architecture> before, List<Architecture> now, int capacity) {
        HashSet<Architecture> common = new HashSet<>(before);
        common.retainAll(new HashSet<>(now));
        return (double) common.size() / capacity;
    }

    Map<String, Tensor> state() {
        return Map.of(BEFORE, CandidatePool.choices(before), DRAWS, scalar(draws), REACHED, scalar(reached ? 1 : 0));
    }

    void restore(Map<String, Tensor> state) {
        before = CandidatePool.subnets(state.get(BEFORE));
        draws = (int) state.get(DRAWS).values()[0];
        reached = state.get(REACHED).values()[0] != 0;
    }

    private static Tensor scalar(int value) {
        return new Tensor(List.of(), new float[] {value});
    }
}
