package io.efsnas.driver.config;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;

/**
 * What supernets have in common while they train, so that their accuracies can be compared.
 *
 * @param warmStartShare of the steps that a warm start takes, above 0 to below 1; of no use to other modes
 */
public record SharingConfig(Mode mode, double warmStartShare) {

    /** How supernets are kept comparable; the configuration has the names in lower case, with hyphens. */
    public enum Mode {
        /** Nothing is shared. */
        INDEPENDENT,
        /** All supernets begin as copies of one that was trained for all subspaces. */
        WARM_START,
        /** The weights that belong to no choice are averaged after each round. */
        SHARED_PARTS;

        /** The name in the configuration. */
        public String key() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    static SharingConfig read(Section section) {
        String mode = section.oneOf(
                "mode", Arrays.stream(Mode.values()).map(Mode::key).toList());
        return new SharingConfig(
                Mode.valueOf(mode.toUpperCase(Locale.ROOT).replace('-', '_')),
                section.number("warm-start-share", share -> share > 0 && share < 1, "a number above 0 and below 1"));
    }

    Map<String, Object> toMap() {
        return Map.of("mode", mode.key(), "warm-start-share", warmStartShare);
    }
}
