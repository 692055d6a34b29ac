package io.efsnas.driver.config;

import io.efsnas.random.KeyedRandom;
import io.efsnas.random.KeyedRandom.Purpose;
import io.efsnas.space.SearchSpace;
import io.efsnas.space.SearchSpaces;
import io.efsnas.split.Splitter;
import io.efsnas.split.SplitterProvider;
import io.efsnas.split.count.CountSplitterProvider;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is searched and how it is split.
 *
 * @param name the name of the search space
 * @param splitterName the name of the splitter
 * @param groups for the splitter {@code count}, the counts of nonlinear functions of each subspace; empty for {@code auto}
 * @param subspaces for the splitter {@code count}, how many subspaces {@code auto} makes
 * @param settings the settings of any other splitter by its own keys
 * @param seed the seed of the search
 */
public record SpaceConfig(
        String name,
        String splitterName,
        Optional<List<List<Integer>>> groups,
        int subspaces,
        Map<String, Object> settings,
        long seed) {

    /** The section of the settings of splitters that have a section of their own. */
    static final String SPLITTERS = "splitters";

    private static final String AUTO = CountSplitterProvider.AUTO;
    private static final String SPLITTER = "splitter";
    private static final String GROUPS = "groups";
    private static final String SUBSPACES = "subspaces";

    public SpaceConfig {
        settings = Map.copyOf(settings);
    }

    static SpaceConfig read(Section root) {
        Section section = root.section("space");
        String name = section.oneOf("name", SearchSpaces.names());
        String splitter = section.oneOf(SPLITTER, SplitterProvider.names());
        String expected = "expected auto, or lists that have every count once, such as [[0, 1], [2], [3]]";
        Optional<List<List<Integer>>> groups =
                section.is(GROUPS, AUTO) ? Optional.empty() : Optional.of(section.intLists(GROUPS, 0, expected));
        int subspaces = section.intAtLeast(SUBSPACES, 1);
        long seed = root.wholeNumber("seed");
        if (!isCount(splitter)) {
            Section its = root.section(SPLITTERS).section(splitter);
            SpaceConfig config = new SpaceConfig(name, splitter, groups, subspaces, its.unwrapped(), seed);
            its.checking(config::splitter);
            return config;
        }
        return groups.isPresent()
                ? new SpaceConfig(name, splitter, groups, groups.get().size(), Map.of(), seed)
                        .checked(section, GROUPS, "; " + expected)
                : new SpaceConfig(name, splitter, groups, subspaces, Map.of(), seed).checked(section, SUBSPACES, "");
    }

    private static boolean isCount(String splitter) {
        return splitter.equals(CountSplitterProvider.NAME);
    }

    private SpaceConfig checked(Section section, String key, String expected) {
        try {
            splitter();
        } catch (IllegalArgumentException e) {
            throw section.refuse(key, e.getMessage() + expected);
        }
        return this;
    }

    Map<String, Object> toMap() {
        return Map.of("name", name, SPLITTER, splitterName, GROUPS, words(), SUBSPACES, subspaces);
    }

    /** The sections of splitters: that of the one that is used, if it has one. */
    Map<String, Object> splittersToMap() {
        return isCount(splitterName) ? Map.of() : Map.of(splitterName, settings);
    }

    private Object words() {
        return groups.isPresent() ? groups.get() : AUTO;
    }

    /** The space that is searched. */
    public SearchSpace space() {
        return SearchSpaces.named(name);
    }

    /** What splits it. */
    public Splitter splitter() {
        Map<String, Object> its = isCount(splitterName)
                ? Map.of(CountSplitterProvider.GROUPS, words(), CountSplitterProvider.SUBSPACES, subspaces)
                : settings;
        return SplitterProvider.named(splitterName).create(space(), its, KeyedRandom.of(seed, Purpose.PARTS));
    }
}
