package io.efsnas.space;

import java.util.List;

/** The spaces that can be searched. */
public final class SearchSpaces {

    private static final List<SearchSpace> ALL = List.of(new NasBench201Space());

    private SearchSpaces() {}

    /** The names that {@link #named} knows. */
    public static List<String> names() {
        return ALL.stream().map(SearchSpace::name).toList();
    }

    /**
     * The space of a name.
     *
     * @throws IllegalArgumentException naming the spaces there are
     */
    public static SearchSpace named(String name) {
        return ALL.stream()
                .filter(space -> space.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "there is no search space '" + name + "'; known: " + String.join(", ", names())));
    }
}
