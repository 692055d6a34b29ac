package io.efsnas.supernet.cuda;

import com.sun.jna.Pointer;
import io.efsnas.data.Views;
import io.efsnas.supernet.Evaluation;
import io.efsnas.supernet.PendingEvaluation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What steps are, and what has come out of them, in memory of the host that the GPU reads and writes. The GPU takes the
 * slots in turn, as the host fills them; a slot is used again when its results have been taken over.
 */
final class StepRing implements AutoCloseable {

    private static final int SLOTS = 64;
    /** Fields of a step in front of the choices, see {@code Step} in the kernels. */
    private static final int CHOICES_AT = 10;

    private static final int MOST_SUBNETS = 64;
    private static final int LABELS_AT = CHOICES_AT + MOST_SUBNETS;

    private final Cuda cuda;
    private final int batch;
    private final int subnets;
    private final int slotInts;
    private final int stepInts;
    private final Pointer slots;
    private final Pointer results;
    private final List<Step> steps = new ArrayList<>();
    private int next;

    StepRing(Cuda cuda, KernelSet kernels, int batch, int subnets) {
        this.cuda = cuda;
        this.batch = batch;
        this.subnets = subnets;
        this.slotInts = kernels.slotInts();
        this.stepInts = kernels.stepInts();
        this.slots = cuda.allocateMapped((long) SLOTS * slotInts * Integer.BYTES);
        this.results = cuda.allocateMapped((long) SLOTS * subnets * batch * 2 * Float.BYTES);
        for (int slot = 0; slot < SLOTS; slot++) {
            steps.add(new Step(slot));
        }
    }

    long address() {
        return cuda.address(slots);
    }

    long slots() {
        return SLOTS;
    }

    long results() {
        return cuda.address(results);
    }

    /**
     * Fills the next slot, whose step is then launched.
     *
     * @param labels of the images
     * @param views of which the images are made; empty if their pixels are in place already
     * @param set the images of the views
     * @param choices of each subnet, see {@link Choices}
     * @param scale what gradients of the loss are multiplied by
     */
    Step fill(int[] labels, Optional<Views> views, DeviceSet set, int[] choices, float learningRate, float scale) {
        Step step = steps.get(next);
        next = (next + 1) % SLOTS;
        step.takeOver();
        step.begin(labels.length, choices.length);
        int[] values = new int[slotInts];
        values[0] = labels.length;
        values[1] = choices.length;
        values[2] = views.isPresent() ? 0 : 1;
        values[3] = Float.floatToRawIntBits(learningRate);
        values[4] = Float.floatToRawIntBits(scale);
        if (views.isPresent()) {
            putLong(values, 6, set.pixels());
            putLong(values, 8, set.tables());
            putViews(values, views.get());
        }
        System.arraycopy(choices, 0, values, CHOICES_AT, choices.length);
        System.arraycopy(labels, 0, values, LABELS_AT, labels.length);
        slots.write((long) step.slot * slotInts * Integer.BYTES, values, 0, values.length);
        return step;
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

    /** A step in its slot. */
    final class Step {

        private final int slot;
        private final Pointer done = cuda.event();
        /** The evaluations of the step that has the slot, as they are taken over. */
        private Results current = new Results(0, 0);

        private Step(int slot) {
            this.slot = slot;
        }

        private void begin(int images, int ofSubnets) {
            current = new Results(images, ofSubnets);
        }

        /** Says that the step has been launched. */
        void launched(Pointer stream) {
            cuda.record(done, stream);
            current.launched = true;
        }

        private void takeOver() {
            current.evaluations();
        }

        /** One evaluation a subnet, in their order, after waiting for the GPU. */
        List<Evaluation> evaluations() {
            return current.evaluations();
        }

        /** The mean over the subnets. */
        PendingEvaluation mean() {
            return current;
        }

        /** Of one step; another one has its slot later. */
        private final class Results implements PendingEvaluation {
            private final int images;
            private final int ofSubnets;
            private boolean launched;
            private List<Evaluation> known;

            Results(int images, int ofSubnets) {
                this.images = images;
                this.ofSubnets = ofSubnets;
            }

            @Override
            public boolean ready() {
                return known != null || cuda.isOver(done);
            }

            @Override
            public Evaluation get() {
                Evaluation total = evaluations().stream().reduce(Evaluation.NONE, Evaluation::plus);
                return new Evaluation(images, total.correct() / ofSubnets, total.lossSum() / ofSubnets);
            }

            List<Evaluation> evaluations() {
                if (known == null) {
                    if (launched) {
                        cuda.awaitEvent(done);
                    }
                    known = new ArrayList<>(ofSubnets);
                    for (int subnet = 0; launched && subnet < ofSubnets; subnet++) {
                        known.add(evaluation(subnet));
                    }
                }
                return known;
            }

            private Evaluation evaluation(int subnet) {
                long at = ((long) slot * subnets + subnet) * batch * 2 * Float.BYTES;
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
    }

    @Override
    public void close() {
        steps.forEach(step -> {
            step.takeOver();
            cuda.destroyEvent(step.done);
        });
        cuda.freeMapped(slots);
        cuda.freeMapped(results);
    }
}
