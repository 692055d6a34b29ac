package io.efsnas.training;

import io.efsnas.split.SupernetNode;
import io.efsnas.supernet.Supernet;
import java.util.List;
import java.util.Optional;

/**
 * The supernets that a scheme {@link TrainingScheme#learnsFrom learns from}. Nothing that a step does changes them.
 *
 * @param parent empty if there is none, or nobody learns from it
 * @param siblings in the order of the tree; empty if there are none, or nobody learns from them
 */
public record Relatives(Optional<Supernet> parent, List<Sibling> siblings) {

    /** Of a supernet that learns from no other. */
    public static final Relatives NONE = new Relatives(Optional.empty(), List.of());

    /**
     * A supernet that began as a copy of the same one.
     *
     * @param node says what it serves
     */
    public record Sibling(SupernetNode node, Supernet supernet) {}

    public Relatives {
        siblings = List.copyOf(siblings);
    }
}
