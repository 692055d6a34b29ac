package io.efsnas.split.gradient;

import io.efsnas.provider.Settings;
import io.efsnas.space.SearchSpace;
import io.efsnas.split.Choice;
import io.efsnas.split.Splitter;
import io.efsnas.split.SplitterProvider;
import java.util.Map;
import java.util.random.RandomGenerator;

/** Makes a {@link HierarchySplitter}. */
public final class HierarchySplitterProvider implements SplitterProvider {

    private static final String BATCHES = "batches";
    private static final String SUBNETS = "subnets";
    private static final String IMAGES = "images";

    /** That of the paper. */
    private static final int DEFAULT_BATCHES = 100;

    private static final int DEFAULT_SUBNETS = 50;
    private static final int DEFAULT_IMAGES = 1000;

    @Override
    public String name() {
        return "hierarchy";
    }

    @Override
    public Map<String, Object> defaults() {
        return Map.of(
                BATCHES,
                DEFAULT_BATCHES,
                HierarchySplitter.LEVELS,
                HierarchySplitter.AUTO,
                SUBNETS,
                DEFAULT_SUBNETS,
                IMAGES,
                DEFAULT_IMAGES);
    }

    @Override
    public Splitter create(SearchSpace space, Map<String, Object> settings, RandomGenerator random) {
        Settings its = new Settings(settings);
        return HierarchySplitter.of(
                space,
                its,
                its.whole(BATCHES, 1, Integer.MAX_VALUE),
                new Choice(its.whole(SUBNETS, 1, Integer.MAX_VALUE), its.whole(IMAGES, 2, Integer.MAX_VALUE)));
    }
}
