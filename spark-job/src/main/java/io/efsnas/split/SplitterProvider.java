package io.efsnas.split;

import io.efsnas.provider.Provider;
import io.efsnas.provider.Providers;
import io.efsnas.space.SearchSpace;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/** Makes a {@link Splitter} from its settings. */
public interface SplitterProvider extends Provider {

    /**
     * A splitter of a space.
     *
     * @param settings a value for each key of {@link #defaults}: text, numbers, booleans and lists of them
     * @param random a generator for the search: all random numbers that decide a split without measuring come from it
     * @throws IllegalArgumentException with the key of a setting that is not accepted, a colon, and what is; or why the
     *     space cannot be split in this way
     */
    Splitter create(SearchSpace space, Map<String, Object> settings, RandomGenerator random);

    /** The names of all on the class path. */
    static List<String> names() {
        return Providers.names(SplitterProvider.class);
    }

    /**
     * The provider of a name.
     *
     * @throws IllegalArgumentException naming those on the class path
     */
    static SplitterProvider named(String name) {
        return Providers.named(SplitterProvider.class, "splitter", name);
    }
}
