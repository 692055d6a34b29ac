package io.efsnas.driver;

import io.efsnas.data.Batch;
import io.efsnas.data.format.ImageSet;
import io.efsnas.network.Weight;
import io.efsnas.space.Architecture;
import io.efsnas.supernet.Combination;
import io.efsnas.supernet.Device;
import io.efsnas.supernet.Engine;
import io.efsnas.supernet.Evaluation;
import io.efsnas.supernet.InitialWeights;
import io.efsnas.supernet.Lesson;
import io.efsnas.supernet.LossGradients;
import io.efsnas.supernet.PendingEvaluation;
import io.efsnas.supernet.Precision;
import io.efsnas.supernet.Resources;
import io.efsnas.supernet.Supernet;
import io.efsnas.supernet.SupernetSpec;
import io.efsnas.supernet.SupernetState;
import io.efsnas.supernet.TrainingStep;
import io.efsnas.supernet.machine.KernelProfile;
import io.efsnas.supernet.machine.MachineCeilings;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;

/**
 * An engine that computes nothing and takes a given time for it, so that two cores can play a cluster of hundreds of devices.
 * The weights never change; an architecture's accuracy grows with its choices.
 */
public final class SimulatedEngine implements Engine {

    static final String NAME = "simulated";

    /** The system property of executors with the milliseconds that a training step of one subnet takes. */
    static final String STEP = "efsnas.test.step-millis";

    private static final int SCORED_A_MILLISECOND = 4;

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Optional<String> missing() {
        return Optional.empty();
    }

    @Override
    public boolean servesGpus() {
        return false;
    }

    @Override
    public Set<Precision> precisions() {
        return Set.of(Precision.FLOAT32);
    }

    @Override
    public boolean inspects() {
        return true;
    }

    @Override
    public boolean takesLessons() {
        return true;
    }

    @Override
    public boolean recalibrates() {
        return false;
    }

    @Override
    public String description(Device device) {
        return NAME;
    }

    @Override
    public boolean repeats(String description, int itsThreads, Device device, int threads) {
        return true;
    }

    @Override
    public Supernet create(SupernetSpec spec, Resources resources) {
        return new SimulatedSupernet(spec);
    }

    @Override
    public Supernet create(SupernetSpec spec, Resources resources, KernelProfile profile) {
        throw new UnsupportedOperationException("it has no kernels");
    }

    @Override
    public MachineCeilings ceilings(int threads) {
        throw new UnsupportedOperationException("it computes nothing");
    }

    private static final class SimulatedSupernet implements Supernet {

        private final int stepMillis = Integer.getInteger(STEP);
        private SupernetState state;

        private final SupernetSpec spec;

        SimulatedSupernet(SupernetSpec spec) {
            this.spec = spec;
            this.state = InitialWeights.normal(spec.seed(), spec.weights());
        }

        @Override
        public PendingEvaluation train(
                Batch batch, List<Architecture> subnets, Combination combination, float learningRate) {
            sleep(stepMillis * subnets.size());
            return PendingEvaluation.of(evaluation(batch, subnets.get(0)));
        }

        @Override
        public PendingEvaluation train(Batch batch, TrainingStep step) {
            List<Architecture> subnets =
                    step.lessons().stream().map(Lesson::subnet).toList();
            return train(batch, subnets, step.combination(), step.learningRate());
        }

        @Override
        public void average(List<Architecture> subnets, float decay) {}

        /** Ones for what the subnet uses, with signs of its own. */
        @Override
        public LossGradients lossGradients(Batch batch, Architecture subnet) {
            sleep(stepMillis);
            Random random = new Random(subnet.hashCode());
            Map<Weight, float[]> gradients = new LinkedHashMap<>();
            for (Weight weight : spec.space().network(subnet, spec.size()).weights()) {
                float[] values = new float[weight.size()];
                for (int i = 0; i < values.length; i++) {
                    values[i] = random.nextBoolean() ? 1 : -1;
                }
                gradients.put(weight, values);
            }
            return new LossGradients(1, gradients);
        }

        @Override
        public List<double[][]> neighbourDistances(Batch batch, Architecture subnet, int neighbours) {
            sleep(stepMillis / 3);
            Random random = new Random(subnet.hashCode());
            return spec.space().network(subnet, spec.size()).blocks().stream()
                    .map(block -> Stream.generate(() ->
                                    random.doubles(neighbours, 1, 2).sorted().toArray())
                            .limit(batch.size())
                            .toArray(double[][]::new))
                    .toList();
        }

        @Override
        public List<Evaluation> score(Batch batch, List<Architecture> subnets) {
            sleep(subnets.size() / SCORED_A_MILLISECOND);
            return subnets.stream().map(subnet -> evaluation(batch, subnet)).toList();
        }

        private static Evaluation evaluation(Batch batch, Architecture subnet) {
            double sum = subnet.choices().stream().mapToInt(Integer::intValue).sum();
            double accuracy = sum / (sum + 100);
            return new Evaluation(batch.size(), batch.size() * accuracy, batch.size() * (1 - accuracy));
        }

        private static void sleep(int millis) {
            try {
                Thread.sleep(millis);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public SupernetState state() {
            return state;
        }

        @Override
        public void restore(SupernetState state) {
            this.state = state;
        }

        @Override
        public boolean keeps(ImageSet images) {
            return true;
        }

        @Override
        public void rest() {}

        @Override
        public void close() {}
    }
}
