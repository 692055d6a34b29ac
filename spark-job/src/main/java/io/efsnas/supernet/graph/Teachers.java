package io.efsnas.supernet.graph;

import io.efsnas.data.Batch;
import io.efsnas.network.Shape;
import io.efsnas.space.Architecture;
import io.efsnas.supernet.Teacher;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/**
 * The class probabilities that the subnets of a step imitate.
 *
 * @param <B> a buffer
 */
final class Teachers<B> implements Teacher.Visitor<B> {

    private final Kernels<B> kernels;
    private final BufferPool<B> buffers;
    private final Forward<B> forward;
    private final Shape logits;
    private final Function<Architecture, Plan<B>> averaged;
    /** Those of this step. */
    private final List<B> taken = new ArrayList<>();

    /** The probabilities of a whole batch, if a step has asked for them. */
    private float[] uniform = {};

    private Batch batch;
    private B images;
    private B first;

    /**
     * @param averaged gives the plans of architectures with averaged weights
     */
    Teachers(
            Kernels<B> kernels,
            BufferPool<B> buffers,
            Forward<B> forward,
            int classes,
            Function<Architecture, Plan<B>> averaged) {
        this.kernels = kernels;
        this.buffers = buffers;
        this.forward = forward;
        this.logits = new Shape(classes, 1, 1);
        this.averaged = averaged;
    }

    /** Starts a step. */
    void begin(Batch ofStep, B itsImages) {
        batch = ofStep;
        images = itsImages;
    }

    /** Remembers the class probabilities of the first subnet, which was run just now. */
    void keepFirst() {
        first = take();
        forward.probabilities(first);
    }

    /**
     * A teacher's class probabilities, until the step ends.
     *
     * @throws IllegalArgumentException if it has other images or classes than the step
     */
    B probabilities(Teacher teacher) {
        return teacher.accept(this);
    }

    @Override
    public B known(Teacher.Known teacher) {
        B probabilities = take();
        kernels.images(new Batch(teacher.probabilities(), batch.labels(), logits), probabilities);
        return probabilities;
    }

    @Override
    public B first(Teacher.First teacher) {
        return first;
    }

    @Override
    public B averaged(Teacher.Averaged teacher) {
        B probabilities = take();
        forward.runReleasing(averaged.apply(teacher.subnet()), images, probabilities);
        return probabilities;
    }

    @Override
    public B uniform(Teacher.Uniform teacher) {
        int values = batch.size() * logits.size();
        if (uniform.length != values) {
            uniform = new float[values];
            Arrays.fill(uniform, 1f / logits.size());
        }
        B probabilities = take();
        kernels.images(new Batch(uniform, batch.labels(), logits), probabilities);
        return probabilities;
    }

    private B take() {
        B probabilities = buffers.take(logits);
        taken.add(probabilities);
        return probabilities;
    }

    /** Ends the step. */
    void end() {
        taken.forEach(probabilities -> buffers.release(logits, probabilities));
        taken.clear();
    }
}
