package io.efsnas.supernet;

import java.util.List;

/**
 * What a step trains.
 *
 * @param lessons at least one
 * @param combination how the gradients of the lessons become one
 * @param learningRate the step size of the update
 */
public record TrainingStep(List<Lesson> lessons, Combination combination, float learningRate) {

    public TrainingStep {
        lessons = List.copyOf(lessons);
        if (lessons.isEmpty() || lessons.get(0).imitatesFirst()) {
            throw new IllegalArgumentException("a step needs a subnet, of which the first does not imitate itself");
        }
    }
}
