package io.efsnas.provider;

import java.util.Map;
import java.util.Set;

/** Makes a strategy from its settings; found by {@link Providers}, so that a further one is a further jar. */
public interface Provider {

    /** The name by which the configuration asks for it. */
    String name();

    /** The settings with their defaults, by key; there are no others, and by default none at all. */
    default Map<String, Object> defaults() {
        return Map.of();
    }

    /** The keys of settings that are paths: relative ones become absolute, as those of {@code data.train} do. */
    default Set<String> paths() {
        return Set.of();
    }
}
