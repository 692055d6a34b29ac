package io.efsnas.split.dimension;

import io.efsnas.provider.Settings;
import io.efsnas.space.SearchSpace;
import io.efsnas.split.Splitter;
import io.efsnas.split.SplitterProvider;
import io.efsnas.split.cut.CutSplitter;
import java.util.Map;
import java.util.random.RandomGenerator;

/** Makes a splitter that cuts choices by a {@link DimensionProbe}. */
public final class DimensionSplitterProvider implements SplitterProvider {

    static final String NEIGHBOURS = "neighbours";

    private static final String BATCHES = "batches";

    /** That of the authors' code, as is the number of neighbours. */
    private static final int DEFAULT_BATCHES = 50;

    private static final int DEFAULT_NEIGHBOURS = 20;

    /** One neighbour is as far as the farthest, which tells nothing. */
    private static final int LEAST_NEIGHBOURS = 2;

    @Override
    public String name() {
        return "dimension";
    }

    @Override
    public Map<String, Object> defaults() {
        return Map.of(BATCHES, DEFAULT_BATCHES, NEIGHBOURS, DEFAULT_NEIGHBOURS, CutSplitter.LEVELS, 1);
    }

    @Override
    public Splitter create(SearchSpace space, Map<String, Object> settings, RandomGenerator random) {
        Settings its = new Settings(settings);
        DimensionProbe probe = new DimensionProbe(
                its.whole(BATCHES, 1, Integer.MAX_VALUE), its.whole(NEIGHBOURS, LEAST_NEIGHBOURS, Integer.MAX_VALUE));
        return CutSplitter.of(space, its, probe);
    }
}
