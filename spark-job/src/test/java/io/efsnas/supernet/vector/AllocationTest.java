package io.efsnas.supernet.vector;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.efsnas.data.Batch;
import io.efsnas.network.ModelSize;
import io.efsnas.network.Shape;
import io.efsnas.space.Architecture;
import io.efsnas.space.SearchSpace;
import io.efsnas.space.darts.DartsSpace;
import io.efsnas.space.mobilenet.MobileNetSeSpace;
import io.efsnas.space.mobilenet.MobileNetSpace;
import io.efsnas.space.nasbench201.NasBench201Space;
import io.efsnas.supernet.Combination;
import io.efsnas.supernet.Lesson;
import io.efsnas.supernet.Resources;
import io.efsnas.supernet.Supernet;
import io.efsnas.supernet.SupernetSpec;
import io.efsnas.supernet.SupernetSpec.Optimizer;
import io.efsnas.supernet.Teacher;
import io.efsnas.supernet.TrainingStep;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What a step and a score leave to the garbage collector: about a hundred bytes for each call of a kernel. */
class AllocationTest {

    private static final NasBench201Space SPACE = new NasBench201Space();
    private static final Shape IMAGE = new Shape(3, 8, 8);
    private static final int BATCH = 2 * Groups.LANES;

    private static final long MOST_OF_A_STEP = 24_000;
    private static final long MOST_OF_A_MOBILE_STEP = 70_000;
    private static final long MOST_OF_AN_EXCITED_STEP = 100_000;
    private static final long MOST_OF_A_DARTS_STEP = 150_000;
    private static final long MOST_OF_A_SUBNET = 10_000;

    private static final int RUNS = 100;
    /** Vectors are objects until the compiler has seen to their loops, which takes some hundred runs. */
    private static final int MOST_RUNS = 3_000;

    private static final List<Architecture> SUBNETS = Stream.of(
                    "|nor_conv_3x3~0|+|nor_conv_1x1~0|nor_conv_3x3~1|+|nor_conv_1x1~0|nor_conv_3x3~1|nor_conv_3x3~2|",
                    "|nor_conv_1x1~0|+|skip_connect~0|avg_pool_3x3~1|+|nor_conv_3x3~0|none~1|nor_conv_1x1~2|",
                    "|avg_pool_3x3~0|+|nor_conv_3x3~0|skip_connect~1|+|none~0|nor_conv_1x1~1|avg_pool_3x3~2|")
            .map(SPACE::parse)
            .toList();

    private static Supernet supernet() {
        return supernet(SPACE);
    }

    private static Supernet supernet(SearchSpace space) {
        return supernet(space, 1);
    }

    private static Supernet supernet(SearchSpace space, int cells) {
        return new VectorEngine()
                .create(
                        new SupernetSpec(
                                space, new ModelSize(16, cells, IMAGE, 10), new Optimizer(0.9f, 5e-4f, 5), BATCH, 3),
                        Resources.cpu(1));
    }

    private static Batch batch() {
        Random random = new Random(1);
        float[] pixels = new float[BATCH * IMAGE.size()];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (float) random.nextGaussian();
        }
        return new Batch(pixels, random.ints(BATCH, 0, 10).toArray(), IMAGE);
    }

    /** The fewest bytes that this thread has allocated a run, until they are few enough. */
    private static long bytes(long enough, Runnable run) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long fewest = Long.MAX_VALUE;
        for (int runs = 0; runs < MOST_RUNS && fewest > enough; runs += RUNS) {
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < RUNS; i++) {
                run.run();
            }
            fewest = Math.min(fewest, (threads.getCurrentThreadAllocatedBytes() - before) / RUNS);
        }
        return fewest;
    }

    @Test
    void aStepAllocatesLittle() {
        Batch batch = batch();
        try (Supernet supernet = supernet()) {
            long bytes = bytes(
                    SUBNETS.size() * MOST_OF_A_STEP,
                    () -> SUBNETS.forEach(subnet ->
                            supernet.train(batch, List.of(subnet), 0.01f).get()));

            assertThat(bytes / SUBNETS.size()).isLessThanOrEqualTo(MOST_OF_A_STEP);
        }
    }

    /** Of several times as many kernels. */
    @Test
    void aStepOfAMobileNetworkAllocatesLittle() {
        assertStepOfAMobileNetworkAllocatesAtMost(MOST_OF_A_MOBILE_STEP, new MobileNetSpace());
    }

    /** Of six more in each block. */
    @Test
    void aStepOfAMobileNetworkWithExcitationAllocatesLittle() {
        assertStepOfAMobileNetworkAllocatesAtMost(MOST_OF_AN_EXCITED_STEP, new MobileNetSeSpace());
    }

    private static void assertStepOfAMobileNetworkAllocatesAtMost(long most, SearchSpace mobile) {
        Batch batch = batch();
        Architecture subnet = mobile.parse(
                "k7e6 k5e3 id k3e6 k3e3 k7e3 k5e6 id k5e3 k3e3 id k7e6 k3e3 k5e6 k7e3 id k3e6 id id k5e3 k3e3");
        try (Supernet supernet = supernet(mobile)) {
            long bytes = bytes(
                    most, () -> supernet.train(batch, List.of(subnet), 0.01f).get());

            assertThat(bytes).isLessThanOrEqualTo(most);
        }
    }

    /** Of five cells with up to 14 operations each, of several kernels. */
    @Test
    void aStepOfADartsNetworkAllocatesLittle() {
        Batch batch = batch();
        SearchSpace darts = new DartsSpace();
        Architecture subnet = darts.parse("normal |sep_conv_3x3~0|dil_conv_3x3~1|+|skip_connect~0|max_pool_3x3~2|"
                + "+|sep_conv_5x5~1|avg_pool_3x3~3|+|dil_conv_5x5~0|skip_connect~4| reduce |sep_conv_3x3~0|skip_connect~1|"
                + "+|dil_conv_3x3~0|max_pool_3x3~2|+|sep_conv_5x5~1|avg_pool_3x3~0|+|dil_conv_5x5~0|skip_connect~4|");
        try (Supernet supernet = supernet(darts, 5)) {
            long bytes = bytes(MOST_OF_A_DARTS_STEP, () -> supernet.train(batch, List.of(subnet), 0.01f)
                    .get());

            assertThat(bytes).isLessThanOrEqualTo(MOST_OF_A_DARTS_STEP);
        }
    }

    @Test
    void aDistillingStepAllocatesLittle() {
        Batch batch = batch();
        try (Supernet supernet = supernet()) {
            Teacher known = new Teacher.Known(supernet.probabilities(batch, SUBNETS.get(1)));
            List<Lesson> lessons = List.of(
                    Lesson.of(SUBNETS.get(0)),
                    Lesson.of(SUBNETS.get(1), 1, 1, new Teacher.First()),
                    Lesson.of(SUBNETS.get(2), 0, 1, known));
            TrainingStep step = new TrainingStep(lessons, Combination.MEAN, 0.01f);
            long bytes = bytes(SUBNETS.size() * MOST_OF_A_STEP, () -> supernet.train(batch, step)
                    .get());

            assertThat(bytes / SUBNETS.size()).isLessThanOrEqualTo(MOST_OF_A_STEP);
        }
    }

    @Test
    void aScoredBatchAllocatesLittle() {
        Batch batch = batch();
        try (Supernet supernet = supernet()) {
            long bytes = bytes(SUBNETS.size() * MOST_OF_A_SUBNET, () -> supernet.score(batch, SUBNETS));

            assertThat(bytes / SUBNETS.size()).isLessThanOrEqualTo(MOST_OF_A_SUBNET);
        }
    }
}
