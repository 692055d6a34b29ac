package io.efsnas.split.gradient;

import io.efsnas.provider.Settings;
import io.efsnas.space.SearchSpace;
import io.efsnas.split.Splitter;
import io.efsnas.split.SplitterProvider;
import io.efsnas.split.cut.CutSplitter;
import java.util.Map;
import java.util.random.RandomGenerator;

/** Makes a splitter that cuts choices by a {@link GradientProbe}. */
public final class GradientSplitterProvider implements SplitterProvider {

    private static final String BATCHES = "batches";

    /** That of the paper. */
    private static final int DEFAULT_BATCHES = 100;

    @Override
    public String name() {
        return "gradient";
    }

    @Override
    public Map<String, Object> defaults() {
        return Map.of(BATCHES, DEFAULT_BATCHES, CutSplitter.LEVELS, 1);
    }

    @Override
    public Splitter create(SearchSpace space, Map<String, Object> settings, RandomGenerator random) {
        Settings its = new Settings(settings);
        return CutSplitter.of(space, its, GradientProbe.of(space, its.whole(BATCHES, 1, Integer.MAX_VALUE)));
    }
}
