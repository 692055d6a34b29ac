package io.efsnas.split;

import io.efsnas.network.ModelSize;
import io.efsnas.network.Shape;
import io.efsnas.space.SearchSpace;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Makes trees of supernets for the tests. */
public final class TestTrees {

    /** Of every supernet. */
    public static final ModelSize SIZE = new ModelSize(2, 1, new Shape(1, 8, 8), 4);

    private TestTrees() {}

    /** Supernets that begin with weights of their own, trained from step 0 in two rounds. */
    public static SupernetTree independent(SearchSpace space, Splitter splitter, long steps, boolean sharesParts) {
        Phase phase = new Phase(0, 2, 0, steps, sharesParts);
        List<Subspace> parts = splitter.split(MaskSubspace.whole(space), Evidence.NONE);
        return SupernetTree.of(
                space,
                IntStream.range(0, parts.size())
                        .mapToObj(part -> SupernetNode.independent(part, parts.get(part), SIZE, phase))
                        .toList());
    }

    /** A supernet for all, then one for each part from its weights; each takes one round. */
    public static SupernetTree warmStart(SearchSpace space, Splitter splitter, long warmSteps, long steps) {
        return warmStart(space, splitter, warmSteps, new Phase(1, 2, warmSteps, steps, false));
    }

    /** The same with parts that begin anew. */
    public static SupernetTree restarted(SearchSpace space, Splitter splitter, long warmSteps, long steps) {
        return warmStart(space, splitter, warmSteps, new Phase(1, 2, warmSteps, steps, false).restarted());
    }

    private static SupernetTree warmStart(SearchSpace space, Splitter splitter, long warmSteps, Phase rest) {
        Subspace whole = MaskSubspace.whole(space);
        List<Subspace> parts = splitter.split(whole, Evidence.NONE);
        SupernetNode root = SupernetNode.root(whole, parts, SIZE, new Phase(0, 1, 0, warmSteps, false), parts.size());
        List<SupernetNode> children = new ArrayList<>();
        for (int part = 0; part < parts.size(); part++) {
            Subspace of = parts.get(part);
            children.add(root.child(part, of, List.of(of), SIZE, rest, 1));
        }
        return SupernetTree.of(space, List.of(root)).plus(children);
    }
}
