package io.efsnas.driver.livy;

import java.util.Set;

/**
 * How far a batch is.
 *
 * @param name Livy's word for it
 */
public record BatchState(String name) {

    private static final Set<String> ENDS = Set.of("success", "dead", "error", "killed");

    public boolean ended() {
        return ENDS.contains(name);
    }

    public boolean succeeded() {
        return name.equals("success");
    }
}
