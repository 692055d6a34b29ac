package io.efsnas.supernet.vector;

import static org.assertj.core.api.Assertions.assertThat;

import io.efsnas.data.Batch;
import io.efsnas.network.ModelSize;
import io.efsnas.network.Shape;
import io.efsnas.space.Architecture;
import io.efsnas.space.SearchSpace;
import io.efsnas.space.mobilenet.MobileNetSeSpace;
import io.efsnas.space.mobilenet.MobileNetSpace;
import io.efsnas.space.nasbench201.NasBench201Space;
import io.efsnas.supernet.Device;
import io.efsnas.supernet.Engine;
import io.efsnas.supernet.Evaluation;
import io.efsnas.supernet.Resources;
import io.efsnas.supernet.Supernet;
import io.efsnas.supernet.SupernetSpec;
import io.efsnas.supernet.SupernetSpec.Optimizer;
import io.efsnas.supernet.SupernetState;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VectorEngineTest {

    private static final NasBench201Space SPACE = new NasBench201Space();
    private static final Shape IMAGE = new Shape(3, 8, 8);
    private static final int CLASSES = 10;
    /** Three groups, the last of which is partly filled. */
    private static final int BATCH = 2 * Groups.LANES + 5;

    private static final List<Architecture> SUBNETS = Stream.of(
                    "|nor_conv_1x1~0|+|skip_connect~0|avg_pool_3x3~1|+|nor_conv_3x3~0|none~1|nor_conv_1x1~2|",
                    "|avg_pool_3x3~0|+|nor_conv_3x3~0|skip_connect~1|+|none~0|nor_conv_1x1~1|avg_pool_3x3~2|")
            .map(SPACE::parse)
            .toList();

    /** What a supernet has learned and what it has answered. */
    private record Outcome(List<Evaluation> evaluations, SupernetState state) {}

    private static final SearchSpace MOBILE = new MobileNetSpace();
    private static final SearchSpace EXCITED = new MobileNetSeSpace();

    private static final List<Architecture> MOBILE_SUBNETS = Stream.of(
                    "k7e6 k5e3 id k3e6 k3e3 k7e3 k5e6 id k5e3 k3e3 id k7e6 k3e3 k5e6 k7e3 id k3e6 id id k5e3 k3e3",
                    "k3e3 id id id k5e6 id id id k7e3 id id id k3e6 id id id k5e3 id id id k7e6")
            .map(MOBILE::parse)
            .toList();

    private static Outcome outcome(SearchSpace space, List<Architecture> subnets, int threads) {
        SupernetSpec spec = new SupernetSpec(
                space, new ModelSize(4, 1, IMAGE, CLASSES), new Optimizer(0.9f, 5e-3f, 0.5f), BATCH, 3);
        List<Evaluation> evaluations = new ArrayList<>();
        try (Supernet supernet = new VectorEngine().create(spec, Resources.cpu(threads))) {
            for (int step = 0; step < 4; step++) {
                evaluations.add(supernet.train(batch(step == 2 ? Groups.LANES + 1 : BATCH, step), subnets, 0.05f)
                        .get());
            }
            evaluations.addAll(supernet.score(batch(BATCH, 9), subnets));
            return new Outcome(evaluations, supernet.state());
        }
    }

    private static Batch batch(int images, long seed) {
        Random random = new Random(seed);
        float[] pixels = new float[images * IMAGE.size()];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (float) random.nextGaussian();
        }
        return new Batch(pixels, random.ints(images, 0, CLASSES).toArray(), IMAGE);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 8})
    void theNumberOfThreadsDoesNotChangeABit(int threads) {
        assertSame(outcome(SPACE, SUBNETS, threads), outcome(SPACE, SUBNETS, 1));
        assertSame(outcome(MOBILE, MOBILE_SUBNETS, threads), outcome(MOBILE, MOBILE_SUBNETS, 1));
        assertSame(outcome(EXCITED, MOBILE_SUBNETS, threads), outcome(EXCITED, MOBILE_SUBNETS, 1));
    }

    private static void assertSame(Outcome several, Outcome one) {

        assertThat(several.evaluations()).isEqualTo(one.evaluations());
        assertThat(several.state().tensors().keySet())
                .containsExactlyElementsOf(one.state().tensors().keySet());
        one.state().tensors().forEach((name, tensor) -> assertThat(
                        several.state().tensors().get(name).values())
                .as(name)
                .isEqualTo(tensor.values()));
    }

    @Test
    void isFoundByItsName() {
        Engine engine = Engine.named("vector");

        assertThat(engine).isInstanceOf(VectorEngine.class);
        assertThat(engine.missing()).isEmpty();
        assertThat(engine.description(Device.CPU)).matches("vector 2, Java \\d+, (256|512) bits");
    }

    @Test
    void bitsDependOnItsKernelsAndNeitherOnTheMachineNorOnTheThreads() {
        VectorEngine engine = new VectorEngine();

        assertThat(engine.repeats(engine.description(Device.CPU), 1, Device.CPU, 2))
                .isTrue();
        assertThat(engine.repeats("vector 2, Java 21, 512 bits", 4, Device.CPU, 1))
                .isTrue();
        assertThat(engine.repeats("vector, Java 17, 512 bits", 1, Device.CPU, 1))
                .isFalse();
        assertThat(engine.repeats("nd4j 1.0.0-M2.1 linux-x86_64-onednn-avx2", 1, Device.CPU, 1))
                .isFalse();
    }
}
