package io.efsnas.driver.config;

import java.util.Map;

/**
 * What supernets have in common while they train, so that their accuracies can be compared.
 *
 * @param warmStartShare the share of the steps that a warm start takes, above 0 to below 1; other modes do not use it
 */
public record SharingConfig(Mode mode, double warmStartShare) {

    /** How supernets are kept comparable. */
    public enum Mode {
        /** Nothing is shared. */
        INDEPENDENT,
        /** All supernets begin as copies of one that was trained for all subspaces. */
        WARM_START,
        /** The weights that belong to no choice are averaged after each round. */
        SHARED_PARTS;
    }

    static SharingConfig read(Section section) {
        return new SharingConfig(
                section.oneOf("mode", Mode.class),
                section.number("warm-start-share", share -> share > 0 && share < 1, "a number above 0 and below 1"));
    }

    Map<String, Object> toMap() {
        return Map.of("mode", Key.of(mode), "warm-start-share", warmStartShare);
    }
}
