package io.efsnas.split.edge;

import io.efsnas.space.SearchSpace;
import io.efsnas.split.Evidence;
import io.efsnas.split.MaskSubspace;
import io.efsnas.split.Splitter;
import io.efsnas.split.Subspace;
import java.util.List;
import java.util.stream.IntStream;

/** Splits at one position, into one part for each choice there. */
final class EdgeSplitter implements Splitter {

    private final int position;
    private final int parts;

    /**
     * @param position one of {@link #positions}
     */
    EdgeSplitter(SearchSpace space, int position) {
        this.position = position;
        this.parts = space.choices().get(position);
    }

    /** The positions at which a space can be split: those with several choices, each of which leaves several architectures. */
    static List<Integer> positions(SearchSpace space) {
        MaskSubspace whole = MaskSubspace.whole(space);
        return IntStream.range(0, space.choices().size())
                .filter(position -> space.choices().get(position) > 1
                        && parts(whole, position).stream().allMatch(part -> part.hasAtLeast(2)))
                .boxed()
                .toList();
    }

    private static List<MaskSubspace> parts(MaskSubspace whole, int position) {
        return whole.allowed().get(position).stream()
                .map(choice -> whole.restricted(position, List.of(choice)))
                .toList();
    }

    @Override
    public int parts() {
        return parts;
    }

    @Override
    public List<Subspace> split(Subspace whole, Evidence evidence) {
        return List.copyOf(parts(MaskSubspace.of(whole), position));
    }
}
