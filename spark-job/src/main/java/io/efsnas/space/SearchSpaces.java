package io.efsnas.space;

import io.efsnas.provider.Providers;
import java.util.List;
import java.util.ServiceLoader;

/** The spaces that can be searched: those that {@link ServiceLoader} finds on the class path. */
public final class SearchSpaces {

    private SearchSpaces() {}

    /** The names that {@link #named} knows. */
    public static List<String> names() {
        return Providers.names(SearchSpace.class);
    }

    /**
     * The space of a name, with its defaults.
     *
     * @throws IllegalArgumentException naming the spaces there are
     */
    public static SearchSpace named(String name) {
        return Providers.named(SearchSpace.class, "search space", name);
    }
}
