package io.efsnas.space;

import io.efsnas.network.ModelSize;
import io.efsnas.network.Weight;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

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

    /** The weights of a supernet of some size. */
    public static SpaceWeights of(SearchSpace space, ModelSize size) {
        Map<String, Weight> byName = new LinkedHashMap<>();
        List<List<Weight>> covering = space.covering().stream()
                .map(architecture -> space.network(architecture, size).weights())
                .toList();
        covering.forEach(weights -> weights.forEach(weight -> byName.put(weight.name(), weight)));
        List<Weight> common = new ArrayList<>(byName.values());
        covering.forEach(common::retainAll);
        return new SpaceWeights(List.copyOf(byName.values()), common);
    }
}
