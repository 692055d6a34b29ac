package io.efsnas.driver.config;

/** Which architectures a search scores to rank them. */
public sealed interface ScoredArchitectures {

    /** All connected ones. */
    record All() implements ScoredArchitectures {}

    /**
     * Those that are drawn from the subspace of each supernet.
     *
     * @param number at most so many of each subspace
     */
    record Sampled(int number) implements ScoredArchitectures {}

    /**
     * The connected ones of a table.
     *
     * @param file of comma-separated values with a column {@code architecture}
     */
    record Listed(String file) implements ScoredArchitectures {}

    /** The word for all. */
    String ALL = "all";

    static ScoredArchitectures read(Section section, String key) {
        if (section.is(key, ALL)) {
            return new All();
        }
        String expected =
                "expected all, a whole number of at least 1 and below 2^31, or the path of a table with a column"
                        + " architecture";
        return section.isNumber(key)
                ? new Sampled(section.intAtLeast(key, 1, expected))
                : new Listed(section.path(key, expected));
    }

    /** As the configuration has it. */
    default Object value() {
        if (this instanceof Sampled sampled) {
            return sampled.number();
        }
        return this instanceof Listed listed ? listed.file() : ALL;
    }
}
