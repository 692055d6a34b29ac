package io.efsnas.supernet;

import java.util.List;

/**
 * What a step trains.
 *
 * @param lessons at least one
 * @param combination how the gradients of the lessons become one
 * @param learningRate the step size of the update
 * @param momenta the number, from 0, of the momenta that the update uses and changes; a supernet keeps as many for each
 *     weight as steps ask for, zero at first
 */
public record TrainingStep(List<Lesson> lessons, Combination combination, float learningRate, int momenta) {

    public TrainingStep {
        lessons = List.copyOf(lessons);
        if (lessons.isEmpty() || lessons.get(0).imitatesFirst()) {
            throw new IllegalArgumentException("a step needs a subnet, of which the first does not imitate itself");
        }
    }

    /** A step with the momenta that all supernets have. */
    public TrainingStep(List<Lesson> lessons, Combination combination, float learningRate) {
        this(lessons, combination, learningRate, 0);
    }
}
