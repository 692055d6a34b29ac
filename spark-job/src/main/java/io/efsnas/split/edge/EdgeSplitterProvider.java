package io.efsnas.split.edge;

import io.efsnas.provider.Settings;
import io.efsnas.space.SearchSpace;
import io.efsnas.split.Splitter;
import io.efsnas.split.SplitterProvider;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/** Makes an {@link EdgeSplitter}. */
public final class EdgeSplitterProvider implements SplitterProvider {

    private static final String POSITION = "position";

    /** A position that is drawn. */
    private static final String AUTO = "auto";

    @Override
    public String name() {
        return "edge";
    }

    @Override
    public Map<String, Object> defaults() {
        return Map.of(POSITION, AUTO);
    }

    @Override
    public Splitter create(SearchSpace space, Map<String, Object> settings, RandomGenerator random) {
        List<Integer> positions = EdgeSplitter.positions(space);
        if (positions.isEmpty()) {
            throw new IllegalArgumentException(space.name()
                    + " has no position with several choices that each leave at least two connected architectures");
        }
        int drawn = positions.get(random.nextInt(positions.size()));
        return new EdgeSplitter(
                space, new Settings(settings).wholeOr(POSITION, AUTO, positions).orElse(drawn));
    }
}
