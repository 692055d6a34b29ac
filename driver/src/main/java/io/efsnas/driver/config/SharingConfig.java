package io.efsnas.driver.config;

import java.util.Map;

/**
 * What supernets have in common while they train, so that their accuracies can be compared.
 *
 * @param warmStartShare the share of the steps that a warm start takes, above 0 to below 1; other modes do not use it
 * @param restart which supernets begin anew after a warm start; other modes have none
 */
public record SharingConfig(Mode mode, double warmStartShare, Restart restart) {

    /** The key of {@link #restart}. */
    static final String RESTART = "restart";

    /** How supernets are kept comparable. */
    public enum Mode {
        /** Nothing is shared. */
        INDEPENDENT,
        /** All supernets begin as copies of one that was trained for all subspaces. */
        WARM_START,
        /** The weights that belong to no choice are averaged after each round. */
        SHARED_PARTS;
    }

    /** What a split lets supernets begin with. */
    public enum Restart {
        /** Each begins as a copy of the one that it is a part of. */
        NONE,
        /** Those at the end of the tree begin with weights of their own, and their learning rate with its first value. */
        FINAL;
    }

    static SharingConfig read(Section section) {
        SharingConfig sharing = new SharingConfig(
                section.oneOf("mode", Mode.class),
                section.number("warm-start-share", share -> share > 0 && share < 1, "a number above 0 and below 1"),
                section.oneOf(RESTART, Restart.class));
        if (sharing.restart != Restart.NONE && sharing.mode != Mode.WARM_START) {
            throw section.refuse(
                    RESTART,
                    "expected none: with training.sharing.mode = " + Key.of(sharing.mode)
                            + " all supernets begin with weights of their own");
        }
        return sharing;
    }

    Map<String, Object> toMap() {
        return Map.of("mode", Key.of(mode), "warm-start-share", warmStartShare, RESTART, Key.of(restart));
    }
}
