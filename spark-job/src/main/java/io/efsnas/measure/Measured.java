package io.efsnas.measure;

import io.efsnas.space.Architecture;
import java.io.Serializable;
import java.util.List;

/**
 * An architecture with its values in some columns.
 *
 * @param values the values in the order in which the columns were asked for
 */
public record Measured(Architecture architecture, List<Double> values) implements Serializable {

    public Measured {
        values = List.copyOf(values);
    }
}
