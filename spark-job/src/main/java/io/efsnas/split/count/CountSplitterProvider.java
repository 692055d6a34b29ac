package io.efsnas.split.count;

import io.efsnas.space.SearchSpace;
import io.efsnas.split.Splitter;
import io.efsnas.split.SplitterProvider;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/** Makes a {@link CountSplitter}. */
public final class CountSplitterProvider implements SplitterProvider {

    /** Its name. */
    public static final String NAME = "count";

    /** The groups of counts, or {@link #AUTO}. */
    public static final String GROUPS = "groups";

    /** How many groups {@link #AUTO} makes. */
    public static final String SUBSPACES = "subspaces";

    /** Whether there are two groups at first, then three, and so on. */
    public static final String PROGRESSIVE = "progressive";

    /** Groups as even as possible. */
    public static final String AUTO = "auto";

    private static final int DEFAULT_SUBSPACES = 3;

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Map<String, Object> defaults() {
        return Map.of(GROUPS, AUTO, SUBSPACES, DEFAULT_SUBSPACES, PROGRESSIVE, false);
    }

    @Override
    public Splitter create(SearchSpace space, Map<String, Object> settings, RandomGenerator random) {
        CountSplitter splitter = settings.get(GROUPS) instanceof List<?> groups
                ? CountSplitter.of(
                        space, groups.stream().map(CountSplitterProvider::group).toList())
                : CountSplitter.even(space, ((Number) settings.get(SUBSPACES)).intValue());
        return settings.get(PROGRESSIVE).equals(true) && splitter.parts() > 1
                ? new ProgressiveSplitter(space, splitter.groups(space))
                : splitter;
    }

    private static List<Integer> group(Object counts) {
        return ((List<?>) counts)
                .stream().map(count -> ((Number) count).intValue()).toList();
    }
}
