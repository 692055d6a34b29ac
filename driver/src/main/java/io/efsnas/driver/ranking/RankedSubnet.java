package io.efsnas.driver.ranking;

import io.efsnas.driver.rule.MeasuredSubnet;
import io.efsnas.space.Architecture;

/**
 * A measured subnet in a ranking.
 *
 * @param score what it is ranked by, the higher the better; comparable only with the scores of the same ranking
 */
public record RankedSubnet(MeasuredSubnet measured, double score) {

    public RankedSubnet {
        if (Double.isNaN(score)) {
            throw new IllegalArgumentException("score must be a number, not NaN");
        }
    }

    public Architecture architecture() {
        return measured.architecture();
    }

    /** The id of the supernet that serves it. */
    public String node() {
        return measured.node();
    }

    /** See {@link MeasuredSubnet#has}. */
    public boolean has(String column) {
        return measured.has(column);
    }

    /** See {@link MeasuredSubnet#value}. */
    public double value(String column) {
        return measured.value(column);
    }
}
