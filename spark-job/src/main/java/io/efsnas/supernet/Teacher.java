package io.efsnas.supernet;

import io.efsnas.space.Architecture;

/** Whose class probabilities a subnet imitates in a step. The teacher learns nothing from it. */
public sealed interface Teacher {

    /**
     * Does what there is to do for a teacher of this kind.
     *
     * @param <R> what comes of it
     */
    <R> R accept(Visitor<R> visitor);

    /**
     * Class probabilities that are known, such as the mean of those of other supernets on the same batch.
     *
     * @param probabilities {@code [image][class]}, of each image with the sum 1
     */
    record Known(float[] probabilities) implements Teacher {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.known(this);
        }
    }

    /** The first subnet of the same step, before the update. Its outputs are there anyway. */
    record First() implements Teacher {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.first(this);
        }
    }

    /** No class more likely than another: what smoothed labels add (Szegedy et al., CVPR 2016). */
    record Uniform() implements Teacher {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.uniform(this);
        }
    }

    /** A subnet with the averaged weights of {@link Supernet#average}. */
    record Averaged(Architecture subnet) implements Teacher {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.averaged(this);
        }
    }

    /**
     * One method for each kind of teacher.
     *
     * @param <R> what they return
     */
    interface Visitor<R> {

        R known(Known teacher);

        R first(First teacher);

        R averaged(Averaged teacher);

        R uniform(Uniform teacher);
    }
}
