package io.efsnas.training;

import java.io.Serializable;

/**
 * How the learning rate changes during a training of any length: it falls along half a cosine, and first rises to it.
 *
 * @param initial where the cosine begins
 * @param last where it ends
 * @param warmUp the share of the steps during which the rate rises in equal steps from nearly 0 to the cosine, 0 to 1
 */
public record LearningRatePlan(double initial, double last, double warmUp) implements Serializable {

    /** A learning rate that is on the cosine from the first step. */
    public LearningRatePlan(double initial, double last) {
        this(initial, last, 0);
    }

    /**
     * The rate of a step.
     *
     * @param step the step, counted from 0; it may lie between whole ones
     * @param steps the number of steps of the whole training
     */
    public double rate(double step, long steps) {
        return risen(step, steps) * new CosineSchedule(initial, last, steps).rate(step);
    }

    /** How much of its value a rate has at a step: less than 1 in the warm-up, and 1 after it. */
    public double risen(double step, long steps) {
        return warmUp == 0 ? 1 : Math.min(1, (step + 1) / (warmUp * steps));
    }
}
