package io.efsnas.split.gradient;

import io.efsnas.provider.Settings;
import io.efsnas.space.SearchSpace;
import io.efsnas.split.Choice;
import io.efsnas.split.Evidence;
import io.efsnas.split.MaskSubspace;
import io.efsnas.split.Probe;
import io.efsnas.split.Splitter;
import io.efsnas.split.Subspace;
import io.efsnas.split.cut.ChoiceDistances;
import io.efsnas.split.cut.ComparedPosition;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Splits at all edges that enter one node of the cell, and at those of the next node in the next level; in between, the best
 * part is kept (Li et al., HEP-NAS, AAAI 2025). The operations of each edge are cut into two groups by a {@link
 * GradientProbe}; each part has one of the groups of each edge, so that n edges make 2^n parts.
 */
final class HierarchySplitter implements Splitter {

    /** How many times in a row supernets are split. */
    static final String LEVELS = "levels";

    /** As many as the cell has nodes with edges that enter them. */
    static final String AUTO = "auto";

    /** More edges would make more than 256 supernets of one. */
    private static final int MOST_EDGES = 8;

    private final List<Level> levels;
    private final Choice choice;

    private HierarchySplitter(List<Level> levels, Choice choice) {
        this.levels = List.copyOf(levels);
        this.choice = choice;
    }

    /**
     * A splitter of a space.
     *
     * @param settings with {@link #LEVELS}
     * @param batches on which gradients are compared
     * @throws IllegalArgumentException with the key of a setting that is not accepted, a colon, and what is; or why the space
     *     cannot be split in this way
     */
    static HierarchySplitter of(SearchSpace space, Settings settings, int batches, Choice choice) {
        List<Level> all = levels(space, batches, choice);
        if (all.isEmpty()) {
            throw new IllegalArgumentException(space.name() + " has no cell with a node that 1 to " + MOST_EDGES
                    + " edges enter whose operations can be compared on one path and cut into parts of several"
                    + " architectures");
        }
        int levels = settings.wholeOr(LEVELS, AUTO, 1, all.size()).orElse(all.size());
        return new HierarchySplitter(all.subList(0, levels), choice);
    }

    /** A level for each node, as far as the smallest part can be split again if all distances are equal. */
    private static List<Level> levels(SearchSpace space, int batches, Choice choice) {
        List<Level> levels = new ArrayList<>();
        MaskSubspace part = MaskSubspace.whole(space);
        for (List<Integer> entering : space.edgesIntoNodes()) {
            List<Integer> edges = entering.stream()
                    .filter(edge -> space.choices().get(edge) > 1)
                    .toList();
            Level level = new Level(edges, new GradientProbe(batches, edges), choice);
            if (edges.isEmpty() || edges.size() > MOST_EDGES || !level.suits(part)) {
                break;
            }
            levels.add(level);
            part = level.evenly(part).get(0);
        }
        return levels;
    }

    @Override
    public int levels() {
        return levels.size();
    }

    @Override
    public Splitter at(int level) {
        return levels.get(level);
    }

    /** Of the first level. */
    @Override
    public int parts() {
        return levels.get(0).parts();
    }

    /** That of the level which measures the most edges. */
    @Override
    public Optional<Probe> probe() {
        return levels.stream()
                .max(Comparator.comparing(level -> level.edges().size()))
                .map(Level::measuring);
    }

    @Override
    public Optional<Choice> choice() {
        return Optional.of(choice);
    }

    @Override
    public List<Subspace> conceivable(Subspace whole) {
        return levels.get(0).conceivable(whole);
    }

    @Override
    public List<Subspace> split(Subspace whole, Evidence evidence) {
        return levels.get(0).split(whole, evidence);
    }

    /**
     * What splits at one node.
     *
     * @param edges the positions of the edges that enter it
     */
    private record Level(List<Integer> edges, Probe measuring, Choice best) implements Splitter {

        @Override
        public int parts() {
            return 1 << edges.size();
        }

        @Override
        public Optional<Probe> probe() {
            return Optional.of(measuring);
        }

        @Override
        public Optional<Choice> choice() {
            return Optional.of(best);
        }

        boolean suits(MaskSubspace whole) {
            List<Integer> compared = ComparedPosition.of(whole).stream()
                    .map(ComparedPosition::position)
                    .toList();
            return compared.containsAll(edges) && evenly(whole).stream().allMatch(part -> part.hasAtLeast(2));
        }

        /** The parts of equal distances; the first one is the smallest. */
        List<MaskSubspace> evenly(MaskSubspace whole) {
            List<MaskSubspace> parts = List.of(whole);
            for (int edge : edges) {
                parts = parts.stream()
                        .flatMap(part -> new ComparedPosition(part, edge).evenly().stream())
                        .toList();
            }
            return parts;
        }

        @Override
        public List<Subspace> conceivable(Subspace whole) {
            return List.copyOf(evenly(MaskSubspace.of(whole)));
        }

        /** The last edge's groups follow each other. */
        @Override
        public List<Subspace> split(Subspace whole, Evidence evidence) {
            List<MaskSubspace> parts = List.of(MaskSubspace.of(whole));
            for (ChoiceDistances distances : ChoiceDistances.in(evidence)) {
                if (!edges.contains(distances.position())) {
                    continue;
                }
                parts = parts.stream()
                        .flatMap(part -> distances.parts(part).stream())
                        .toList();
            }
            return List.copyOf(parts);
        }
    }
}
