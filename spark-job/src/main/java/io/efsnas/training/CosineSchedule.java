package io.efsnas.training;

import java.io.Serializable;

/**
 * A learning rate that falls along half a cosine.
 *
 * @param initial the rate of the first step
 * @param last the rate that the last step approaches
 * @param steps the number of steps of the whole training
 */
public record CosineSchedule(double initial, double last, long steps) implements Serializable {

    /** The rate of a step, counted from 0; it may lie between whole ones. */
    public double rate(double step) {
        double cosine = (1 + StrictMath.cos(Math.PI * step / steps)) / 2;
        return last + (initial - last) * cosine;
    }
}
