package io.efsnas.measure.trial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import io.efsnas.data.Augmentation;
import io.efsnas.data.Dataset;
import io.efsnas.data.DatasetSpec;
import io.efsnas.data.ScoringBatches;
import io.efsnas.data.TestImages;
import io.efsnas.data.TrainingBatches;
import io.efsnas.data.format.Decoding;
import io.efsnas.data.format.ImageFormat;
import io.efsnas.measure.MeasureContext;
import io.efsnas.measure.MeasureContext.Trainable;
import io.efsnas.network.ModelSize;
import io.efsnas.network.Shape;
import io.efsnas.space.Architecture;
import io.efsnas.space.nasbench201.NasBench201Space;
import io.efsnas.supernet.Engine;
import io.efsnas.supernet.Evaluation;
import io.efsnas.supernet.Resources;
import io.efsnas.supernet.Supernet;
import io.efsnas.supernet.SupernetSpec;
import io.efsnas.training.LearningRatePlan;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On images of two classes, of which one is brighter on the left and one on the right. */
class ShortTrainingTest {

    private static final NasBench201Space SPACE = new NasBench201Space();
    private static final int SIDE = 8;
    private static final int BATCH = 16;
    private static final SupernetSpec SPEC = new SupernetSpec(
            SPACE,
            new ModelSize(2, 1, new Shape(1, SIDE, SIDE), 2),
            new SupernetSpec.Optimizer(0.9f, 5e-4f, 0),
            BATCH,
            3);
    private static final Architecture CONVOLUTIONS =
            SPACE.parse("|nor_conv_3x3~0|+|none~0|nor_conv_1x1~1|+|skip_connect~0|none~1|nor_conv_3x3~2|");
    private static final Architecture SKIPS =
            SPACE.parse("|skip_connect~0|+|none~0|none~1|+|skip_connect~0|none~1|none~2|");

    @TempDir
    private Path directory;

    private Dataset dataset;
    private Supernet supernet;

    @BeforeEach
    void prepare() {
        Random random = new Random(5);
        int images = 120;
        byte[] pixels = new byte[images * SIDE * SIDE];
        byte[] labels = new byte[images];
        for (int image = 0; image < images; image++) {
            labels[image] = (byte) (image % 2);
            for (int pixel = 0; pixel < SIDE * SIDE; pixel++) {
                boolean left = pixel % SIDE < SIDE / 2;
                boolean bright = left == (labels[image] == 0);
                pixels[image * SIDE * SIDE + pixel] = (byte) ((bright ? 90 : 0) + random.nextInt(150));
            }
        }
        String file = TestImages.write(
                directory.resolve("train-images-idx3-ubyte"), TestImages.idxImages(images, SIDE, SIDE, pixels));
        TestImages.write(directory.resolve("train-labels-idx1-ubyte"), TestImages.idxLabels(labels));
        dataset = Dataset.load(
                new DatasetSpec(ImageFormat.IDX, Decoding.AS_IT_IS, List.of(file), List.of(), 0.5, 0.5, 0, 1, 1),
                new Configuration());
        supernet = supernet();
    }

    @AfterEach
    void close() {
        supernet.close();
    }

    private static Supernet supernet() {
        return Engine.named("vector").create(SPEC, Resources.cpu(1));
    }

    private TrainingBatches batches() {
        return new TrainingBatches(dataset.train(), dataset.normalization(), BATCH, new Augmentation(false, 1), 7, -4);
    }

    private ScoringBatches images() {
        return new ScoringBatches(dataset.validation(), 40, dataset.normalization(), BATCH);
    }

    private MeasureContext context(double learningRate, Runnable living) {
        return context(new LearningRatePlan(learningRate, 0.01), living);
    }

    private MeasureContext context(LearningRatePlan rates, Runnable living) {
        return MeasureContext.ofArchitectures(SPACE, SPEC.size())
                .with(new Trainable(supernet, supernet.state(), batches(), images(), rates, living));
    }

    /** Whatever was trained before, with the same supernet. */
    @Test
    void isWhatANetworkOfItsOwnReaches() {
        MeasureContext context = context(0.1, () -> {});
        ShortTraining training = new ShortTraining(20);

        double[] ofSkips = training.of(SKIPS, context);
        double[] ofConvolutions = training.of(CONVOLUTIONS, context);

        assertThat(ofConvolutions).containsExactly(trainedAlone(CONVOLUTIONS, 20, 0.1), within(1e-12));
        assertThat(ofConvolutions).isNotEqualTo(ofSkips);
        assertThat(training.of(SKIPS, context)).isEqualTo(ofSkips);
        assertThat(ofConvolutions[0]).isGreaterThan(0.8);
    }

    /** Steps that rise to the end of the training move the weights less. */
    @Test
    void warmsUpAsTheSupernets() {
        ShortTraining training = new ShortTraining(20);

        double[] warmed = training.of(CONVOLUTIONS, context(new LearningRatePlan(0.1, 0.01, 1), () -> {}));

        assertThat(warmed[1]).isLessThan(training.of(CONVOLUTIONS, context(0.1, () -> {}))[1]);
    }

    private double[] trainedAlone(Architecture architecture, int steps, double initial) {
        try (Supernet alone = supernet()) {
            for (int step = 0; step < steps; step++) {
                double rate = 0.01 + (initial - 0.01) * (1 + StrictMath.cos(Math.PI * step / steps)) / 2;
                alone.train(batches().batch(step), List.of(architecture), (float) rate);
            }
            Evaluation sum = Evaluation.NONE;
            for (int batch = 0; batch < images().count(); batch++) {
                sum = sum.plus(alone.score(images().batch(batch), List.of(architecture))
                        .get(0));
            }
            return new double[] {sum.correct() / 40, -sum.lossSum() / 40};
        }
    }

    @Test
    void trainingThatDivergesHasNoValues() {
        assertThat(new ShortTraining(5).of(CONVOLUTIONS, context(1e30, () -> {})))
                .containsExactly(Double.NaN, Double.NaN);
    }

    @Test
    void endsAtTheStepAfterWhichNobodyWaits() {
        int[] asked = {0};

        assertThatExceptionOfType(CancellationException.class)
                .isThrownBy(() -> new ShortTraining(1_000_000).of(SKIPS, context(0.1, () -> {
                    if (++asked[0] > 3) {
                        throw new CancellationException();
                    }
                })));
        assertThat(asked[0]).isEqualTo(4);
    }
}
