package io.efsnas.provider;

import java.util.Map;

/** Makes a strategy from its settings; found by {@link Providers}, so that a further one is a further jar. */
public interface Provider {

    /** The name by which the configuration asks for it. */
    String name();

    /** The settings with their defaults, by key; there are no others, and by default none at all. */
    default Map<String, Object> defaults() {
        return Map.of();
    }
}
