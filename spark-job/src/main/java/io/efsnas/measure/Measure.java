package io.efsnas.measure;

import io.efsnas.space.Architecture;
import java.io.Serializable;
import java.util.List;

/**
 * Something that architectures are judged by, in one or several columns. Implementations are found by {@link
 * java.util.ServiceLoader}, so that a further measure is a further jar. They are immutable, and give the same architecture
 * the same values whichever others are measured with it, and where.
 */
public interface Measure extends Serializable {

    /** The names of its columns, in lower case with hyphens; no other measure has one of them. */
    List<String> columns();

    /** What it needs. */
    Needs needs();

    /**
     * The values of an architecture, higher ones meaning better; not finite where there is no value.
     *
     * @param architecture a connected one
     * @return one for each column, in their order
     */
    double[] of(Architecture architecture, MeasureContext context);
}
