package io.efsnas.driver.selection;

import io.efsnas.space.Architecture;
import io.efsnas.space.SearchSpace;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** The candidates of a generation in the making: connected, allowed, and none that has been scored. */
final class Brood {

    /** Draws in a row that are no new candidate, after which a generation has no more children. */
    static final int CHILD_MISSES = 100;

    /** The same for random architectures; enough to find what few a tight limit leaves of a small space. */
    static final int RANDOM_MISSES = 100_000;

    private final SearchSpace space;
    private final Predicate<Architecture> allowed;
    private final Set<Architecture> scored;
    private final Map<Architecture, Origin> candidates = new LinkedHashMap<>();

    /**
     * @param allowed whether an architecture that is connected may be a candidate
     * @param scored architectures that are no candidates any more
     */
    Brood(SearchSpace space, Predicate<Architecture> allowed, Set<Architecture> scored) {
        this.space = space;
        this.allowed = allowed;
        this.scored = scored;
    }

    /**
     * Draws so many candidates more, or fewer if too many draws in a row find none.
     */
    void add(Origin origin, int wanted, int mostMisses, Supplier<Architecture> draw) {
        int full = candidates.size() + wanted;
        int misses = 0;
        while (candidates.size() < full && misses < mostMisses) {
            Architecture drawn = draw.get();
            if (isNew(drawn) && space.connected(drawn) && allowed.test(drawn)) {
                candidates.put(drawn, origin);
                misses = 0;
            } else {
                misses++;
            }
        }
    }

    private boolean isNew(Architecture architecture) {
        return !scored.contains(architecture) && !candidates.containsKey(architecture);
    }

    /** In the order in which they were drawn. */
    Map<Architecture, Origin> candidates() {
        return candidates;
    }
}
