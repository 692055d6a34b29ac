package io.efsnas.supernet;

import io.efsnas.space.Architecture;
import java.util.Optional;

/**
 * A subnet that a step trains, and what it learns from. With the labels y, the teacher's class probabilities q and its own p,
 * its loss for an image is {@code labels * -ln p[y] + imitation * sum(q * ln(q / p))}: the cross entropy, and the
 * Kullback-Leibler divergence of p from q (Hinton, Vinyals, Dean, <i>Distilling the Knowledge in a Neural Network</i>,
 * 2015, at temperature 1).
 *
 * @param labels the weight of the cross entropy, at least 0
 * @param imitation the weight of the divergence, at least 0; 0 without a teacher
 * @param teacher whom it imitates; several teachers are one with the weighted mean of their probabilities and the sum of
 *     their weights, which has the same gradient
 */
public record Lesson(Architecture subnet, float labels, float imitation, Optional<Teacher> teacher) {

    public Lesson {
        if (!(labels >= 0 && imitation >= 0) || (teacher.isEmpty() && imitation > 0)) {
            throw new IllegalArgumentException("a lesson needs weights of at least 0, and a teacher to imitate, not "
                    + labels + " and " + imitation + " with " + teacher);
        }
    }

    /** A subnet that learns from the labels alone. */
    public static Lesson of(Architecture subnet) {
        return new Lesson(subnet, 1, 0, Optional.empty());
    }

    /**
     * A subnet that learns from smoothed labels.
     *
     * @param smoothing the probability that is spread evenly over all classes, 0 to below 1
     */
    public static Lesson smoothed(Architecture subnet, float smoothing) {
        return new Lesson(subnet, 1 - smoothing, smoothing, Optional.of(new Teacher.Uniform()));
    }

    /** A subnet that imitates a teacher besides, or instead with {@code labels = 0}. */
    public static Lesson of(Architecture subnet, float labels, float imitation, Teacher teacher) {
        return new Lesson(subnet, labels, imitation, Optional.of(teacher));
    }

    /** Whether the teacher is the first subnet of the step. */
    public boolean imitatesFirst() {
        return teacher.isPresent() && teacher.get() instanceof Teacher.First;
    }
}
