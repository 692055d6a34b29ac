package io.efsnas.split;

import io.efsnas.space.SearchSpace;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;

/** Makes a {@link Splitter} from its settings; found by {@link ServiceLoader}, so that a further one is a further jar. */
public interface SplitterProvider {

    /** The name by which the configuration asks for it. */
    String name();

    /** The settings with their defaults, by key; there are no others. */
    Map<String, Object> defaults();

    /**
     * A splitter of a space.
     *
     * @param settings a value for each key of {@link #defaults}: text, numbers, booleans and lists of them
     * @throws IllegalArgumentException with the key of a setting that is not accepted, a colon, and what is; or why the
     *     space cannot be split in this way
     */
    Splitter create(SearchSpace space, Map<String, Object> settings);

    /** The names of all on the class path. */
    static List<String> names() {
        return all().stream().map(SplitterProvider::name).toList();
    }

    /**
     * The provider of a name.
     *
     * @throws IllegalArgumentException naming those on the class path
     */
    static SplitterProvider named(String name) {
        return all().stream()
                .filter(provider -> provider.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "there is no splitter '" + name + "'; known: " + String.join(", ", names())));
    }

    private static List<SplitterProvider> all() {
        return ServiceLoader.load(SplitterProvider.class).stream()
                .map(ServiceLoader.Provider::get)
                .toList();
    }
}
