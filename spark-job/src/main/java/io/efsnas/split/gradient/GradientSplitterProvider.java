package io.efsnas.split.gradient;

import io.efsnas.provider.Settings;
import io.efsnas.space.SearchSpace;
import io.efsnas.split.MaskSubspace;
import io.efsnas.split.Splitter;
import io.efsnas.split.SplitterProvider;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/** Makes a {@link GradientSplitter}. */
public final class GradientSplitterProvider implements SplitterProvider {

    private static final String BATCHES = "batches";
    private static final String LEVELS = "levels";

    /** That of the paper. */
    private static final int DEFAULT_BATCHES = 100;

    @Override
    public String name() {
        return "gradient";
    }

    @Override
    public Map<String, Object> defaults() {
        return Map.of(BATCHES, DEFAULT_BATCHES, LEVELS, 1);
    }

    @Override
    public Splitter create(SearchSpace space, Map<String, Object> settings, RandomGenerator random) {
        if (Collections.max(space.choices()) > BalancedCut.MOST) {
            throw new IllegalArgumentException(space.name() + " has a position with " + Collections.max(space.choices())
                    + " choices; expected at most " + BalancedCut.MOST);
        }
        List<ComparedPosition> positions = ComparedPosition.of(MaskSubspace.whole(space));
        if (positions.isEmpty()) {
            throw new IllegalArgumentException(
                    space.name() + " has no position with several choices that can be compared on one path");
        }
        Settings its = new Settings(settings);
        return new GradientSplitter(its.whole(LEVELS, 1, positions.size()), its.whole(BATCHES, 1, Integer.MAX_VALUE));
    }
}
