package io.efsnas.driver.config;

import java.util.Locale;

/** How a value of an enumeration is written in a configuration, and wherever else people read it. */
public final class Key {

    private Key() {}

    /** The name in lower case with hyphens, such as {@code warm-start} for {@code WARM_START}. */
    public static String of(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
