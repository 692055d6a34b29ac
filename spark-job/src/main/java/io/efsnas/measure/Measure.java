package io.efsnas.measure;

import io.efsnas.network.ModelSize;
import io.efsnas.provider.Provider;
import io.efsnas.space.Architecture;
import io.efsnas.space.SearchSpace;
import java.io.Serializable;
import java.util.List;
import java.util.Map;

/**
 * Something that architectures are judged by, in one or several columns. Implementations are found by {@link
 * java.util.ServiceLoader}, so that a further measure is a further jar. They are immutable, and give the same architecture
 * the same values whichever others are measured with it, and where, unless they need {@link Needs#MACHINE}.
 */
public interface Measure extends Provider, Serializable {

    /**
     * This measure as its settings have it. As it is found, it has its defaults.
     *
     * @param settings a value for each key of {@link #defaults}: text, numbers, booleans and lists of them
     * @throws IllegalArgumentException with the key of a setting that is not accepted, a colon, and what is
     */
    default Measure with(Map<String, Object> settings) {
        return this;
    }

    /** The names of its columns, in lower case with hyphens; no other measure has one of them. */
    List<String> columns();

    /** What it needs. */
    Needs needs();

    /**
     * Whether it may suit a space, as far as that can be said of networks of any size. The default ranking leaves out measures
     * that do not.
     */
    default boolean suits(SearchSpace space) {
        return true;
    }

    /**
     * Makes sure that it can measure architectures of a space.
     *
     * @param size the size of the networks
     * @throws IllegalArgumentException saying what the space does not have
     */
    default void check(SearchSpace space, ModelSize size) {}

    /** The number of batches of training images that it looks at. */
    default int imageBatches() {
        return 0;
    }

    /** Whether it asks trained supernets for gradients, which not all engines give. */
    default boolean needsGradients() {
        return false;
    }

    /**
     * The values of an architecture, higher ones meaning better unless it is a cost; not finite where there is no value.
     *
     * @param architecture a connected one
     * @return one for each column, in their order
     */
    double[] of(Architecture architecture, MeasureContext context);
}
