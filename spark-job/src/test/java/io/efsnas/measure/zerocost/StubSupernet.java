package io.efsnas.measure.zerocost;

import io.efsnas.data.Batch;
import io.efsnas.data.format.ImageSet;
import io.efsnas.measure.MeasureContext;
import io.efsnas.measure.MeasureContext.Fresh;
import io.efsnas.network.ModelSize;
import io.efsnas.network.Shape;
import io.efsnas.network.Weight;
import io.efsnas.space.Architecture;
import io.efsnas.space.SpaceWeights;
import io.efsnas.space.nasbench201.NasBench201Space;
import io.efsnas.supernet.Activity;
import io.efsnas.supernet.Combination;
import io.efsnas.supernet.Evaluation;
import io.efsnas.supernet.InitialWeights;
import io.efsnas.supernet.LossGradients;
import io.efsnas.supernet.PendingEvaluation;
import io.efsnas.supernet.Supernet;
import io.efsnas.supernet.SupernetState;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Gives what a test has made up for each batch, which it knows by its first label. */
class StubSupernet implements Supernet {

    static final NasBench201Space SPACE = new NasBench201Space();
    static final ModelSize SIZE = new ModelSize(2, 1, new Shape(3, 8, 8), 3);
    static final Architecture ANY = SPACE.parse("|nor_conv_3x3~0|+|none~0|none~1|+|skip_connect~0|none~1|none~2|");
    static final Weight FIRST = new Weight("first", List.of(1, 2, 1, 1), 2);
    static final Weight SECOND = new Weight("second", List.of(1, 1), 1);
    static final Weight BIAS = new Weight("bias", List.of(1), 1);

    /** The label of the batch of noise; those of the images are 0 to 3. */
    static final int NOISE = 9;

    private final Map<Integer, LossGradients> gradients = new LinkedHashMap<>();

    static MeasureContext context(Supernet supernet, SupernetState weights) {
        List<Batch> images = IntStream.range(0, 4).mapToObj(StubSupernet::batch).toList();
        return MeasureContext.ofArchitectures(SPACE, SIZE)
                .with(new Fresh(supernet, weights, other -> weights, batch(NOISE), images));
    }

    /** With the weights of the space's supernet. */
    static MeasureContext context(Supernet supernet) {
        return context(
                supernet, InitialWeights.normal(1, SpaceWeights.of(SPACE, SIZE).all()));
    }

    private static Batch batch(int label) {
        return new Batch(new float[2 * SIZE.image().size()], new int[] {label, 0}, SIZE.image());
    }

    /** Makes up the gradients of a batch. */
    StubSupernet with(int label, double loss, float a, float b, float second) {
        gradients.put(
                label,
                new LossGradients(
                        loss,
                        Map.of(FIRST, new float[] {a, b}, SECOND, new float[] {second}, BIAS, new float[] {second})));
        return this;
    }

    @Override
    public LossGradients lossGradients(Batch batch, Architecture subnet) {
        return gradients.get(batch.labels()[0]);
    }

    /** Of the first batch of images alone: their correlation is -0.5. */
    @Override
    public float[] imageGradients(Batch batch, Architecture subnet) {
        return batch.labels()[0] == 0 ? new float[] {5, 6, 7, 3, 1, 2} : null;
    }

    /** Of the first batch of images alone. */
    @Override
    public double[][] tangentKernel(Batch batch, Architecture subnet) {
        return batch.labels()[0] == 0 ? new double[][] {{2, 1}, {1, 2}} : null;
    }

    /** Of noise alone. */
    @Override
    public List<Activity> activity(Batch batch, Architecture subnet) {
        return batch.labels()[0] == NOISE
                ? List.of(
                        new Activity(4, 2, List.of(units(0, 1), units(1, 2))),
                        new Activity(3, 1, List.of(units(0), units())))
                : null;
    }

    static BitSet units(int... active) {
        BitSet units = new BitSet();
        for (int unit : active) {
            units.set(unit);
        }
        return units;
    }

    @Override
    public PendingEvaluation train(
            Batch batch, List<Architecture> subnets, Combination combination, float learningRate) {
        throw new UnsupportedOperationException("no measure trains");
    }

    @Override
    public List<Evaluation> score(Batch batch, List<Architecture> subnets) {
        throw new UnsupportedOperationException("no measure of untrained networks scores");
    }

    @Override
    public SupernetState state() {
        throw new UnsupportedOperationException("measures are given the weights");
    }

    @Override
    public void restore(SupernetState state) {
        throw new UnsupportedOperationException("no measure changes weights");
    }

    @Override
    public boolean keeps(ImageSet images) {
        return false;
    }

    @Override
    public void rest() {}

    @Override
    public void close() {}
}
