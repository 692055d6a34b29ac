package io.efsnas.driver.config;

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
 * @param name of the search space
 * @param groups the counts of nonlinear functions of each subspace; empty for {@code auto}
 * @param subspaces how many of them {@code auto} makes
 */
public record SpaceConfig(String name, Optional<List<List<Integer>>> groups, int subspaces) {

    private static final String AUTO = CountSplitterProvider.AUTO;

    static SpaceConfig read(Section section) {
        String name = section.oneOf("name", SearchSpaces.names());
        int subspaces = section.intAtLeast("subspaces", 1);
        if (section.is("groups", AUTO)) {
            return checked(new SpaceConfig(name, Optional.empty(), subspaces), section, "subspaces", "");
        }
        String expected = "expected auto, or lists that have every count once, such as [[0, 1], [2], [3]]";
        List<List<Integer>> groups = section.intLists("groups", 0, expected);
        return checked(new SpaceConfig(name, Optional.of(groups), groups.size()), section, "groups", "; " + expected);
    }

    private static SpaceConfig checked(SpaceConfig config, Section section, String key, String expected) {
        try {
            config.splitter();
        } catch (IllegalArgumentException e) {
            throw section.refuse(key, e.getMessage() + expected);
        }
        return config;
    }

    Map<String, Object> toMap() {
        return Map.of("name", name, "groups", words(), "subspaces", subspaces);
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
        return SplitterProvider.named(CountSplitterProvider.NAME)
                .create(
                        space(),
                        Map.of(CountSplitterProvider.GROUPS, words(), CountSplitterProvider.SUBSPACES, subspaces));
    }
}
