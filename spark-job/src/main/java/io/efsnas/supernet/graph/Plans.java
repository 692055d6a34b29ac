package io.efsnas.supernet.graph;

import io.efsnas.network.Network;
import io.efsnas.space.Architecture;
import io.efsnas.supernet.SupernetSpec;
import io.efsnas.supernet.graph.Plan.Operation;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The plans of the architectures that a supernet ran last. A space may have more architectures than fit into memory, so
 * those that were not run for longest are forgotten, and compiled again when they are run.
 *
 * @param <B> a buffer
 */
final class Plans<B> {

    private final SupernetSpec spec;
    private final SharedWeights<B> weights;
    private final int mostNodes;
    private final Map<Operation<B>, Operation<B>> operations = new HashMap<>();
    private final Map<Architecture, Plan<B>> plans = new LinkedHashMap<>(16, 0.75f, true);
    private int nodes;

    /**
     * @param mostNodes the most nodes of all plans together, which their memory depends on
     */
    Plans(SupernetSpec spec, SharedWeights<B> weights, int mostNodes) {
        this.spec = spec;
        this.weights = weights;
        this.mostNodes = mostNodes;
    }

    /** The plan of an architecture, compiled if it is not kept. */
    Plan<B> of(Architecture architecture) {
        Plan<B> kept = plans.get(architecture);
        if (kept != null) {
            return kept;
        }
        Plan<B> made = of(spec.subnet(architecture));
        plans.put(architecture, made);
        nodes += made.size();
        forgetOldest();
        return made;
    }

    private void forgetOldest() {
        for (Iterator<Plan<B>> oldest = plans.values().iterator(); nodes > mostNodes; oldest.remove()) {
            nodes -= oldest.next().size();
        }
    }

    /** A plan of a network, which is not kept. */
    Plan<B> of(Network network) {
        return new Plan<>(network, weights, operations);
    }

    /** How many plans are kept. */
    int kept() {
        return plans.size();
    }
}
