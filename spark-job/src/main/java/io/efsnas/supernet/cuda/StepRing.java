package io.efsnas.supernet.cuda;

import com.sun.jna.Pointer;
import io.efsnas.data.Batch;
import io.efsnas.data.Views;
import io.efsnas.supernet.Evaluation;
import io.efsnas.supernet.PendingEvaluation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What steps are, and what has come out of them, in memory of the host that the GPU reads and writes. The GPU takes the
 * slots in turn, as the host fills them. A slot is used again when its results have been taken over.
 */
final class StepRing implements AutoCloseable {

    /** How many subnets a step can have at most, see {@code MOST_SUBNETS} in the kernels. */
    static final int MOST_SUBNETS = 64;

    private static final int SLOTS = 64;
    /** Fields of a step in front of the choices, see {@code Step} in the kernels. */
    private static final int CHOICES_AT = 10;

    private static final int LABELS_AT = CHOICES_AT + MOST_SUBNETS;

    /**
     * A step to be launched.
     *
     * @param set the set with the images of the batch; empty if the pixels are in place already
     * @param choices the choices of each subnet, see {@link Choices}
     * @param scale the factor of the loss's gradients
     */
    record Step(Batch batch, Optional<DeviceSet> set, int[] choices, float learningRate, float scale) {}

    private record Slot(int number, Pointer done) {}

    private final Cuda cuda;
    private final Pointer stream;
    private final int batch;
    private final int subnets;
    private final int slotInts;
    private final int stepInts;
    private final Pointer steps;
    private final Pointer results;
    private final List<Slot> slots = new ArrayList<>();
    /** By slot, of the newest step in it. */
    private final List<Results> newest = new ArrayList<>();

    private int next;

    /**
     * @param batch the most images of a batch
     * @param subnets the most subnets of a step
     */
    StepRing(Cuda cuda, KernelSet kernels, int batch, int subnets, Pointer stream) {
        this.cuda = cuda;
        this.stream = stream;
        this.batch = batch;
        this.subnets = subnets;
        this.slotInts = kernels.slotInts();
        this.stepInts = kernels.stepInts();
        this.steps = cuda.allocateMapped((long) SLOTS * slotInts * Integer.BYTES);
        try {
            this.results = cuda.allocateMapped((long) SLOTS * subnets * batch * 2 * Float.BYTES);
        } catch (RuntimeException e) {
            cuda.freeMapped(steps);
            throw e;
        }
        for (int slot = 0; slot < SLOTS; slot++) {
            slots.add(new Slot(slot, cuda.event()));
            newest.add(new Results(slots.get(slot), 0, 0));
        }
    }

    /** The GPU's address of the slots. */
    long steps() {
        return cuda.address(steps);
    }

    /** How many slots there are. */
    long slots() {
        return SLOTS;
    }

    /** The GPU's address of the results. */
    long results() {
        return cuda.address(results);
    }

    /**
     * Fills the next slot and launches its step.
     *
     * @param launch the launch of the step in the next slot
     */
    Results launch(Step step, Runnable launch) {
        Slot slot = slots.get(next);
        newest.get(next).evaluations();
        write(step, slot);
        launch.run();
        // From here on the GPU has taken the slot.
        next = (next + 1) % SLOTS;
        cuda.record(slot.done(), stream);
        Results launched = new Results(slot, step.batch().size(), step.choices().length);
        newest.set(slot.number(), launched);
        return launched;
    }

    private void write(Step step, Slot slot) {
        int[] values = new int[slotInts];
        int[] labels = step.batch().labels();
        values[0] = labels.length;
        values[1] = step.choices().length;
        values[2] = step.set().isPresent() ? 0 : 1;
        values[3] = Float.floatToRawIntBits(step.learningRate());
        values[4] = Float.floatToRawIntBits(step.scale());
        step.set().ifPresent(set -> {
            putLong(values, 6, set.pixels());
            putLong(values, 8, set.tables());
            putViews(values, step.batch().views().orElseThrow());
        });
        System.arraycopy(step.choices(), 0, values, CHOICES_AT, step.choices().length);
        System.arraycopy(labels, 0, values, LABELS_AT, labels.length);
        steps.write((long) slot.number() * slotInts * Integer.BYTES, values, 0, values.length);
    }

    private static void putLong(int[] values, int at, long value) {
        values[at] = (int) value;
        values[at + 1] = (int) (value >>> Integer.SIZE);
    }

    private void putViews(int[] values, Views views) {
        int count = views.positions().length;
        System.arraycopy(views.positions(), 0, values, stepInts, count);
        System.arraycopy(views.up(), 0, values, stepInts + batch, count);
        System.arraycopy(views.left(), 0, values, stepInts + 2 * batch, count);
        for (int i = 0; i < count; i++) {
            values[stepInts + 3 * batch + i] = views.mirrored()[i] ? 1 : 0;
        }
    }

    /** What comes out of one step, as a mean over its subnets or one by one. */
    final class Results implements PendingEvaluation {

        private final Slot slot;
        private final int images;
        private final int ofSubnets;
        private List<Evaluation> known;

        private Results(Slot slot, int images, int ofSubnets) {
            this.slot = slot;
            this.images = images;
            this.ofSubnets = ofSubnets;
        }

        @Override
        public boolean ready() {
            return known != null || cuda.isOver(slot.done());
        }

        @Override
        public Evaluation get() {
            Evaluation total = evaluations().stream().reduce(Evaluation.NONE, Evaluation::plus);
            return new Evaluation(images, total.correct() / ofSubnets, total.lossSum() / ofSubnets);
        }

        /** One evaluation a subnet, in their order, after waiting for the GPU if need be. */
        List<Evaluation> evaluations() {
            if (known == null) {
                cuda.awaitEvent(slot.done());
                List<Evaluation> read = new ArrayList<>(ofSubnets);
                for (int subnet = 0; subnet < ofSubnets; subnet++) {
                    read.add(evaluation(subnet));
                }
                known = read;
            }
            return known;
        }

        private Evaluation evaluation(int subnet) {
            long at = ((long) slot.number() * subnets + subnet) * batch * 2 * Float.BYTES;
            float[] values = results.getFloatArray(at, 2 * images);
            double loss = 0;
            double correct = 0;
            for (int image = 0; image < images; image++) {
                loss += values[2 * image];
                correct += values[2 * image + 1];
            }
            return new Evaluation(images, correct, loss);
        }
    }

    @Override
    public void close() {
        newest.forEach(Results::evaluations);
        slots.forEach(slot -> cuda.destroyEvent(slot.done()));
        cuda.freeMapped(steps);
        cuda.freeMapped(results);
    }
}
