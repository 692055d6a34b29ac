package io.efsnas.driver.config;

import io.efsnas.driver.process.UserMistake;
import io.efsnas.random.KeyedRandom;
import io.efsnas.random.KeyedRandom.Purpose;
import io.efsnas.space.SearchSpace;
import io.efsnas.space.SearchSpaces;
import io.efsnas.split.Probe;
import io.efsnas.split.Splitter;
import io.efsnas.split.SplitterProvider;
import io.efsnas.split.SupernetNode;
import io.efsnas.split.count.CountSplitterProvider;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is searched and how it is split.
 *
 * @param name the name of the search space
 * @param ofSpace the settings of the space by its own keys
 * @param splitterName the name of the splitter
 * @param groups for the splitter {@code count}, the counts of nonlinear functions of each subspace; empty for {@code auto}
 * @param subspaces for the splitter {@code count}, how many subspaces {@code auto} makes
 * @param progressive for the splitter {@code count}, whether supernets are split into two parts at first, then into three,
 *     and so on
 * @param settings the settings of any other splitter by its own keys
 * @param seed the seed of the search
 */
public record SpaceConfig(
        String name,
        Map<String, Object> ofSpace,
        String splitterName,
        Optional<List<List<Integer>>> groups,
        int subspaces,
        boolean progressive,
        Map<String, Object> settings,
        long seed) {

    /** The section of the settings of spaces, each in a section of its name. */
    static final String SPACES = "spaces";

    /** The section of the settings of splitters that have a section of their own. */
    static final String SPLITTERS = "splitters";

    private static final String AUTO = CountSplitterProvider.AUTO;
    private static final String SPLITTER = "splitter";
    private static final String GROUPS = "groups";
    private static final String SUBSPACES = "subspaces";
    private static final String PROGRESSIVE = "progressive";

    public SpaceConfig {
        ofSpace = Map.copyOf(ofSpace);
        settings = Map.copyOf(settings);
    }

    static SpaceConfig read(Section root) {
        Section section = root.section("space");
        String name = section.oneOf("name", SearchSpaces.names());
        SearchSpace space = SearchSpaces.named(name);
        Section spaces = root.section(SPACES).section(name);
        Map<String, Object> ofSpace = spaces.settings(space);
        spaces.checking(() -> space.with(ofSpace));
        String splitter = section.oneOf(SPLITTER, SplitterProvider.names());
        String expected = "expected auto, or lists that have every count once, such as [[0, 1], [2], [3]]";
        Optional<List<List<Integer>>> groups =
                section.is(GROUPS, AUTO) ? Optional.empty() : Optional.of(section.intLists(GROUPS, 0, expected));
        int subspaces = section.intAtLeast(SUBSPACES, 1);
        boolean progressive = section.bool(PROGRESSIVE);
        long seed = root.wholeNumber("seed");
        if (!isCount(splitter)) {
            Section its = root.section(SPLITTERS).section(splitter);
            SpaceConfig config = new SpaceConfig(
                    name,
                    ofSpace,
                    splitter,
                    groups,
                    subspaces,
                    progressive,
                    its.settings(SplitterProvider.named(splitter)),
                    seed);
            its.checking(config::splitter);
            return config;
        }
        int parts = groups.map(List::size).orElse(subspaces);
        SpaceConfig config = new SpaceConfig(name, ofSpace, splitter, groups, parts, progressive, Map.of(), seed);
        return groups.isPresent()
                ? config.checked(section, GROUPS, "; " + expected)
                : config.checked(section, SUBSPACES, "");
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
        return Map.of(
                "name", name, SPLITTER, splitterName, GROUPS, words(), SUBSPACES, subspaces, PROGRESSIVE, progressive);
    }

    /** The sections of splitters: that of the one that is used, if it has one. */
    Map<String, Object> splittersToMap() {
        return isCount(splitterName) ? Map.of() : Map.of(splitterName, settings);
    }

    /** The sections of spaces: that of the one that is searched, if it has settings. */
    Map<String, Object> spacesToMap() {
        return ofSpace.isEmpty() ? Map.of() : Map.of(name, ofSpace);
    }

    private Object words() {
        return groups.isPresent() ? groups.get() : AUTO;
    }

    /** The space that is searched. */
    public SearchSpace space() {
        return SearchSpaces.named(name).with(ofSpace);
    }

    /**
     * Checks before anything is trained that what splits it can measure a supernet.
     *
     * @param root the supernet that is measured first
     * @param images of a training batch
     * @throws UserMistake naming the setting of the splitter that does not suit them
     */
    public void checkProbe(Probe probe, SupernetNode root, int images) {
        try {
            probe.check(root, images);
        } catch (IllegalArgumentException e) {
            String[] keyAndReason = e.getMessage().split(": ", 2);
            String its = SPLITTERS + "." + splitterName;
            throw new UserMistake(
                    settings.containsKey(keyAndReason[0])
                            ? its + "." + keyAndReason[0] + ": " + settings.get(keyAndReason[0]) + " is not accepted; "
                                    + keyAndReason[1]
                            : its + ": " + e.getMessage(),
                    e);
        }
    }

    /** What splits it. */
    public Splitter splitter() {
        Map<String, Object> its = isCount(splitterName)
                ? Map.of(
                        CountSplitterProvider.GROUPS,
                        words(),
                        CountSplitterProvider.SUBSPACES,
                        subspaces,
                        CountSplitterProvider.PROGRESSIVE,
                        progressive)
                : settings;
        return SplitterProvider.named(splitterName).create(space(), its, KeyedRandom.of(seed, Purpose.PARTS));
    }
}
