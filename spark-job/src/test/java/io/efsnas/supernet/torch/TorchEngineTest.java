package io.efsnas.supernet.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import com.sun.jna.NativeLibrary;
import io.efsnas.data.Batch;
import io.efsnas.network.ModelSize;
import io.efsnas.network.Shape;
import io.efsnas.space.Architecture;
import io.efsnas.space.SearchSpace;
import io.efsnas.space.mobilenet.MobileNetSeSpace;
import io.efsnas.space.nasbench201.NasBench201Space;
import io.efsnas.supernet.Device;
import io.efsnas.supernet.Engine;
import io.efsnas.supernet.Evaluation;
import io.efsnas.supernet.Precision;
import io.efsnas.supernet.Resources;
import io.efsnas.supernet.Supernet;
import io.efsnas.supernet.SupernetSpec;
import io.efsnas.supernet.SupernetSpec.Optimizer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;

class TorchEngineTest {

    private static final NasBench201Space SPACE = new NasBench201Space();
    private static final Shape IMAGE = new Shape(3, 8, 8);
    private static final int BATCH = 32;
    private static final Architecture SUBNET =
            SPACE.parse("|nor_conv_1x1~0|+|skip_connect~0|avg_pool_3x3~1|+|nor_conv_3x3~0|none~1|nor_conv_1x1~2|");

    private final TorchEngine engine = new TorchEngine();

    private static SupernetSpec spec() {
        return new SupernetSpec(SPACE, new ModelSize(8, 1, IMAGE, 10), new Optimizer(0.9f, 5e-4f, 0), BATCH, 3);
    }

    private static Batch batch(int images) {
        Random random = new Random(1);
        float[] pixels = new float[images * IMAGE.size()];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (float) random.nextGaussian();
        }
        return new Batch(pixels, random.ints(images, 0, 10).toArray(), IMAGE);
    }

    @Test
    void isFoundByNameWithTheBuildForCpus() {
        assertThat(Engine.named("libtorch")).isInstanceOf(TorchEngine.class);
        assertThat(engine.missing()).isEmpty();
        assertThat(engine.servesGpus()).isFalse();
    }

    @Test
    void describesTheVersionOnTheClassPath() throws Exception {
        Path jar = Path.of(
                torch.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        String version = jar.getFileName().toString().replaceFirst("pytorch-([0-9.]+)-.*", "$1");
        assertThat(engine.description(Device.CPU)).startsWith("libtorch " + version + " linux-x86_64 ");
        assertThat(engine.description(Device.gpu("0")))
                .as("on CPUs, whatever was assigned")
                .isEqualTo(engine.description(Device.CPU));
    }

    @Test
    void bitsDependOnTheBuildAndTheThreads() {
        assertThat(engine.repeats(engine.description(Device.CPU), 2, Device.CPU, 2))
                .isTrue();
        assertThat(engine.repeats(engine.description(Device.CPU), 1, Device.CPU, 2))
                .isFalse();
        assertThat(engine.repeats("libtorch 2.9.0 linux-x86_64 AVX2", 1, Device.CPU, 1))
                .isFalse();
    }

    @Test
    void matricesAreMultipliedWithTheSupernetsThreads() {
        for (int threads : new int[] {2, 1}) {
            try (Supernet supernet = engine.create(spec(), Resources.cpu(threads))) {
                supernet.train(batch(BATCH), List.of(SUBNET), 0.05f).get();
            }
            assertThat(NativeLibrary.getInstance(Loader.load(torch.class))
                            .getFunction("openblas_get_num_threads")
                            .invokeInt(new Object[0]))
                    .isEqualTo(threads);
        }
    }

    @Test
    void bfloat16TrainsLikeFloat32ButForRounding() {
        double whole = lossAfterTraining(spec(), SUBNET, Precision.FLOAT32);
        double rounded = lossAfterTraining(spec(), SUBNET, Precision.BFLOAT16);

        assertThat(rounded).isNotEqualTo(whole).isCloseTo(whole, within(0.1));
        assertThat(whole).as("it learns").isLessThan(2);
    }

    @Test
    void bfloat16TrainsBlocksWithExcitation() {
        SearchSpace space = new MobileNetSeSpace().with(Map.of("stem-stride", 1));
        SupernetSpec spec =
                new SupernetSpec(space, new ModelSize(8, 1, IMAGE, 10), new Optimizer(0.9f, 5e-4f, 0), BATCH, 3);
        Architecture subnet = space.parse("k3e3 id id id k5e6 id id id k3e3 id id id k3e6 id id id k5e3 id id id k3e6");

        double rounded = lossAfterTraining(spec, subnet, Precision.BFLOAT16);

        assertThat(rounded).isNotEqualTo(lossAfterTraining(spec, subnet, Precision.FLOAT32));
        assertThat(rounded).as("it learns").isLessThan(2);
    }

    @Test
    void bfloat16IsRecalibratedLikeFloat32ButForRounding() {
        double whole = recalibratedLoss(Precision.FLOAT32);

        assertThat(recalibratedLoss(Precision.BFLOAT16)).isNotEqualTo(whole).isCloseTo(whole, within(0.1));
    }

    private double recalibratedLoss(Precision precision) {
        try (Supernet supernet = engine.create(spec(), new Resources(1, Device.CPU, 1, precision))) {
            return supernet.score(batch(BATCH), List.of(SUBNET), supernet.statistics(batch(BATCH), List.of(SUBNET)))
                    .get(0)
                    .loss();
        }
    }

    /** Its weights fit into the share, and its feature maps do not. */
    @Test
    void aStepAndAScoredBatchThatNeedMoreThanTheShareSayWhatToLower() {
        double share = (double) (2 << 20) / Pointer.totalPhysicalBytes();
        try (Supernet supernet = engine.create(spec(), new Resources(1, Device.CPU, share, Precision.FLOAT32))) {
            assertThatIllegalStateException()
                    .isThrownBy(() -> supernet.train(batch(BATCH), List.of(SUBNET), 0.05f))
                    .withMessageStartingWith("the supernet needs more than its share")
                    .withMessageContaining("training.batch");
            assertThatIllegalStateException()
                    .isThrownBy(() -> supernet.score(batch(BATCH), List.of(SUBNET)))
                    .withMessageContaining("scoring.batch");
        }
    }

    private double lossAfterTraining(SupernetSpec spec, Architecture subnet, Precision precision) {
        try (Supernet supernet = engine.create(spec, new Resources(1, Device.CPU, 1, precision))) {
            Evaluation last = Evaluation.NONE;
            for (int step = 0; step < 20; step++) {
                last = supernet.train(batch(BATCH), List.of(subnet), 0.05f).get();
            }
            return last.loss();
        }
    }

    @Test
    void aSupernetThatNeedsMoreThanItsShareSaysWhatToLower() {
        Resources tiny = new Resources(1, Device.CPU, 1e-9, Precision.FLOAT32);
        assertThatIllegalStateException()
                .isThrownBy(() -> engine.create(spec(), tiny))
                .withMessageStartingWith("the supernet needs more than its share of this machine's memory")
                .withMessageContaining("training.batch")
                .withMessageContaining("cluster.gpus-per-supernet");
    }
}
