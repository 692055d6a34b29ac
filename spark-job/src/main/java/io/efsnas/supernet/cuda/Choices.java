package io.efsnas.supernet.cuda;

import io.efsnas.space.Architecture;
import io.efsnas.space.CellGraph;
import io.efsnas.space.SearchSpace;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Architectures as the kernels read them: for each edge three bits with its operation, 0 where it is not alive. */
final class Choices {

    private static final int BITS = 3;

    private final SearchSpace space;
    private final Map<Architecture, Integer> known = new HashMap<>();

    Choices(SearchSpace space) {
        this.space = space;
    }

    /**
     * The codes of several architectures.
     *
     * @throws IllegalArgumentException if the image does not reach the output of one of them
     */
    int[] of(List<Architecture> architectures) {
        int[] choices = new int[architectures.size()];
        for (int i = 0; i < choices.length; i++) {
            choices[i] = known.computeIfAbsent(architectures.get(i), this::encode);
        }
        return choices;
    }

    private int encode(Architecture architecture) {
        if (!space.connected(architecture)) {
            throw new IllegalArgumentException("the image does not reach the output of " + space.format(architecture));
        }
        int bits = 0;
        for (CellGraph.Connection connection :
                space.drawings(architecture).get(0).connections()) {
            if (connection.live()) {
                int edge = FlatWeights.edge(connection.source(), connection.target());
                bits |= architecture.choice(edge) << (BITS * edge);
            }
        }
        return bits;
    }
}
