package io.efsnas.space;

import io.efsnas.network.ModelSize;
import io.efsnas.network.Weight;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The learned tensors of a space's supernet.
 *
 * @param all every one, in a fixed order
 * @param common those that every network of the space has, whatever is chosen, in the same order
 */
public record SpaceWeights(List<Weight> all, List<Weight> common) {

    public SpaceWeights {
        all = List.copyOf(all);
        common = List.copyOf(common);
    }

    /**
     * The weights that belong to the choices of one position: they go when any other choice is made there.
     *
     * @param position a position with at least two choices
     */
    public static Set<Weight> ofPosition(SearchSpace space, ModelSize size, int position) {
        Set<Weight> own = new HashSet<>();
        for (Architecture covering : space.covering()) {
            Set<Weight> its = weights(space, covering, size);
            for (int choice = 0; choice < space.choices().get(position); choice++) {
                Architecture other = covering.with(position, choice);
                if (choice != covering.choice(position) && space.connected(other)) {
                    its.removeAll(weights(space, other, size));
                }
            }
            own.addAll(its);
        }
        return own;
    }

    private static Set<Weight> weights(SearchSpace space, Architecture architecture, ModelSize size) {
        return new HashSet<>(space.subnet(architecture, size).weights());
    }

    /** The weights of a supernet of some size. */
    public static SpaceWeights of(SearchSpace space, ModelSize size) {
        Map<String, Weight> byName = new LinkedHashMap<>();
        List<List<Weight>> covering = space.covering().stream()
                .map(architecture -> space.subnet(architecture, size).weights())
                .toList();
        covering.forEach(weights -> weights.forEach(weight -> byName.put(weight.name(), weight)));
        List<Weight> common = new ArrayList<>(byName.values());
        covering.forEach(common::retainAll);
        return new SpaceWeights(List.copyOf(byName.values()), common);
    }
}
