package io.efsnas.space;

import java.util.List;
import java.util.ServiceLoader;

/** The spaces that can be searched: those that {@link ServiceLoader} finds on the class path. */
public final class SearchSpaces {

    private SearchSpaces() {}

    private static List<SearchSpace> all() {
        return ServiceLoader.load(SearchSpace.class).stream()
                .map(ServiceLoader.Provider::get)
                .toList();
    }

    /** The names that {@link #named} knows. */
    public static List<String> names() {
        return all().stream().map(SearchSpace::name).sorted().toList();
    }

    /**
     * The space of a name.
     *
     * @throws IllegalArgumentException naming the spaces there are
     */
    public static SearchSpace named(String name) {
        return all().stream()
                .filter(space -> space.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "there is no search space '" + name + "'; known: " + String.join(", ", names())));
    }
}
