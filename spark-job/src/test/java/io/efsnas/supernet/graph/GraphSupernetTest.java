package io.efsnas.supernet.graph;

import static io.efsnas.supernet.SupernetStates.assertClose;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import io.efsnas.data.Batch;
import io.efsnas.network.ModelSize;
import io.efsnas.network.Shape;
import io.efsnas.network.Weight;
import io.efsnas.space.Architecture;
import io.efsnas.space.nasbench201.NasBench201Space;
import io.efsnas.supernet.Combination;
import io.efsnas.supernet.Evaluation;
import io.efsnas.supernet.Lesson;
import io.efsnas.supernet.PendingEvaluation;
import io.efsnas.supernet.Supernet;
import io.efsnas.supernet.SupernetSpec;
import io.efsnas.supernet.SupernetSpec.Optimizer;
import io.efsnas.supernet.SupernetState;
import io.efsnas.supernet.SupernetState.Tensor;
import io.efsnas.supernet.Teacher;
import io.efsnas.supernet.TrainingStep;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.DoubleSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The supernet over every implementation of the kernels, against the same over {@link ReferenceKernels}. */
final class GraphSupernetTest {

    private static final NasBench201Space SPACE = new NasBench201Space();
    private static final Shape IMAGE = new Shape(3, 8, 8);
    private static final int CLASSES = 10;
    private static final int LARGEST_BATCH = 32;
    private static final Optimizer PLAIN = new Optimizer(0.9f, 0, 0);
    private static final Optimizer FULL = new Optimizer(0.9f, 5e-3f, 0.5f);
    private static final float RATE = 0.05f;

    private static final List<Architecture> ARCHITECTURES = Stream.of(
                    // all of one kind
                    "|skip_connect~0|+|skip_connect~0|skip_connect~1|+|skip_connect~0|skip_connect~1|skip_connect~2|",
                    "|avg_pool_3x3~0|+|avg_pool_3x3~0|avg_pool_3x3~1|+|avg_pool_3x3~0|avg_pool_3x3~1|avg_pool_3x3~2|",
                    "|nor_conv_1x1~0|+|nor_conv_1x1~0|nor_conv_1x1~1|+|nor_conv_1x1~0|nor_conv_1x1~1|nor_conv_1x1~2|",
                    "|nor_conv_3x3~0|+|nor_conv_3x3~0|nor_conv_3x3~1|+|nor_conv_3x3~0|nor_conv_3x3~1|nor_conv_3x3~2|",
                    // a single skip; a convolution that leads nowhere; one that nothing leads to
                    "|none~0|+|none~0|none~1|+|skip_connect~0|none~1|none~2|",
                    "|nor_conv_3x3~0|+|none~0|none~1|+|nor_conv_1x1~0|none~1|none~2|",
                    "|none~0|+|none~0|none~1|+|avg_pool_3x3~0|nor_conv_3x3~1|nor_conv_1x1~2|",
                    // one value twice in a sum: the input of the cell, and a node's
                    "|skip_connect~0|+|none~0|none~1|+|skip_connect~0|skip_connect~1|none~2|",
                    "|nor_conv_3x3~0|+|none~0|skip_connect~1|+|none~0|skip_connect~1|skip_connect~2|",
                    // mixed
                    "|nor_conv_1x1~0|+|skip_connect~0|avg_pool_3x3~1|+|nor_conv_3x3~0|none~1|nor_conv_1x1~2|",
                    "|avg_pool_3x3~0|+|nor_conv_3x3~0|skip_connect~1|+|none~0|nor_conv_1x1~1|avg_pool_3x3~2|")
            .map(SPACE::parse)
            .toList();

    static Stream<Arguments> implementations() {
        return Implementations.ALL.stream().map(Arguments::of);
    }

    static Stream<Arguments> implementationsAndArchitectures() {
        return Implementations.ALL.stream()
                .flatMap(implementation -> ARCHITECTURES.stream().map(any -> Arguments.of(implementation, any)));
    }

    static Stream<Architecture> architectures() {
        return ARCHITECTURES.stream();
    }

    private static SupernetSpec spec(Optimizer optimizer) {
        return new SupernetSpec(SPACE, new ModelSize(4, 1, IMAGE, CLASSES), optimizer, LARGEST_BATCH, 3);
    }

    private static <B> Supernet supernet(Implementation<B> implementation, Optimizer optimizer) {
        return new GraphSupernet<>(spec(optimizer), implementation.kernels(LARGEST_BATCH));
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
    @MethodSource("implementationsAndArchitectures")
    void gradientsAreTheReference(Implementation<?> implementation, Architecture architecture) {
        try (Supernet reference = supernet(ReferenceKernels.IMPLEMENTATION, PLAIN);
                Supernet supernet = supernet(implementation, PLAIN)) {
            Batch batch = batch(12, 1);
            Evaluation expected =
                    reference.train(batch, List.of(architecture), RATE).get();
            Evaluation actual =
                    supernet.train(batch, List.of(architecture), RATE).get();
            assertThat(actual.correct()).isEqualTo(expected.correct());
            assertThat(actual.loss()).isCloseTo(expected.loss(), within(1e-5));
            // After the first step the momentum is the gradient.
            assertClose(supernet.state(), reference.state(), 1e-4f);
        }
    }

    @ParameterizedTest
    @MethodSource("implementations")
    void stepsAreTheReference(Implementation<?> implementation) {
        try (Supernet reference = supernet(ReferenceKernels.IMPLEMENTATION, FULL);
                Supernet supernet = supernet(implementation, FULL)) {
            for (int step = 0; step < 4; step++) {
                List<Architecture> subnets =
                        List.of(ARCHITECTURES.get(step + 7), ARCHITECTURES.get(step + 2), ARCHITECTURES.get(step + 7));
                Batch batch = batch(step == 2 ? 5 : LARGEST_BATCH, step);
                Evaluation expected = reference.train(batch, subnets, RATE).get();
                Evaluation actual = supernet.train(batch, subnets, RATE).get();
                assertThat(actual.loss()).isCloseTo(expected.loss(), within(1e-4));
            }
            assertClose(supernet.state(), reference.state(), 1e-3f);
            Batch batch = batch(9, 99);
            List<Evaluation> expected = reference.score(batch, ARCHITECTURES);
            List<Evaluation> actual = supernet.score(batch, ARCHITECTURES);
            for (int i = 0; i < ARCHITECTURES.size(); i++) {
                assertThat(actual.get(i).loss()).isCloseTo(expected.get(i).loss(), within(1e-3));
            }
        }
    }

    /** After the first step the momentum is the gradient, and weights that no subnet uses have none. */
    @ParameterizedTest
    @MethodSource("implementations")
    void aSumOfGradientsIsThatOfEachSubnetAlone(Implementation<?> implementation) {
        Batch batch = batch(12, 1);
        List<Architecture> subnets = List.of(ARCHITECTURES.get(9), ARCHITECTURES.get(3), ARCHITECTURES.get(10));
        Map<String, float[]> sums = new LinkedHashMap<>();
        double loss = 0;
        for (Architecture subnet : subnets) {
            try (Supernet alone = supernet(ReferenceKernels.IMPLEMENTATION, PLAIN)) {
                loss += alone.train(batch, List.of(subnet), RATE).get().loss() / subnets.size();
                alone.state().tensors().forEach((name, tensor) -> {
                    if (name.startsWith(SupernetState.MOMENTUM)) {
                        float[] sum = sums.computeIfAbsent(name, any -> new float[tensor.values().length]);
                        for (int i = 0; i < sum.length; i++) {
                            sum[i] += tensor.values()[i];
                        }
                    }
                });
            }
        }
        try (Supernet supernet = supernet(implementation, PLAIN)) {
            Evaluation actual =
                    supernet.train(batch, subnets, Combination.SUM, RATE).get();

            assertThat(actual.loss()).isCloseTo(loss, within(1e-5));
            Map<String, Tensor> gradients = new LinkedHashMap<>();
            Map<String, Tensor> expected = new LinkedHashMap<>();
            sums.forEach((name, sum) -> {
                Tensor gradient = supernet.state().tensors().get(name);
                gradients.put(name, gradient);
                expected.put(name, new Tensor(gradient.shape(), sum));
            });
            assertClose(new SupernetState(gradients), new SupernetState(expected), 1e-4f);
        }
    }

    /** Random class probabilities. */
    private static Teacher teacher(int images, long seed) {
        Random random = new Random(seed);
        float[] probabilities = new float[images * CLASSES];
        for (int first = 0; first < probabilities.length; first += CLASSES) {
            float sum = 0;
            for (int i = first; i < first + CLASSES; i++) {
                probabilities[i] = random.nextFloat();
                sum += probabilities[i];
            }
            for (int i = first; i < first + CLASSES; i++) {
                probabilities[i] /= sum;
            }
        }
        return new Teacher.Known(probabilities);
    }

    /** Three subnets: of labels alone, of labels and of a given teacher, and of the first one alone. */
    private static TrainingStep distilling(Combination combination, int images, long seed) {
        return new TrainingStep(
                List.of(
                        Lesson.of(ARCHITECTURES.get(3)),
                        Lesson.of(ARCHITECTURES.get(9), 0.5f, 2, teacher(images, seed)),
                        Lesson.of(ARCHITECTURES.get(10), 0, 1, new Teacher.First())),
                combination,
                RATE);
    }

    @ParameterizedTest
    @MethodSource("implementations")
    void distillingStepsAreTheReference(Implementation<?> implementation) {
        try (Supernet reference = supernet(ReferenceKernels.IMPLEMENTATION, FULL);
                Supernet supernet = supernet(implementation, FULL)) {
            for (int step = 0; step < 4; step++) {
                int images = step == 2 ? 5 : LARGEST_BATCH;
                TrainingStep lessons = distilling(Combination.values()[step % 2], images, step);
                Batch batch = batch(images, step);
                Evaluation expected = reference.train(batch, lessons).get();
                Evaluation actual = supernet.train(batch, lessons).get();
                assertThat(actual.loss()).isCloseTo(expected.loss(), within(1e-4));
            }
            assertClose(supernet.state(), reference.state(), 1e-3f);
            assertArrayEquals(
                    reference.probabilities(batch(9, 99), ARCHITECTURES.get(10)),
                    supernet.probabilities(batch(9, 99), ARCHITECTURES.get(10)),
                    1e-3f);
        }
    }

    /** The first subnet is a teacher as it is before the step, with probabilities that can also be given. */
    @ParameterizedTest
    @MethodSource("implementations")
    void theFirstSubnetTeachesWhatItAnswers(Implementation<?> implementation) {
        Architecture first = ARCHITECTURES.get(3);
        Architecture second = ARCHITECTURES.get(9);
        Batch batch = batch(12, 1);
        try (Supernet inPlace = supernet(implementation, FULL);
                Supernet given = supernet(implementation, FULL)) {
            Teacher known = new Teacher.Known(given.probabilities(batch, first));
            Evaluation expected = inPlace.train(batch, pupil(first, second, new Teacher.First()))
                    .get();
            Evaluation actual = given.train(batch, pupil(first, second, known)).get();

            assertThat(actual).isEqualTo(expected);
            assertSameBits(given.state(), inPlace.state());
        }
    }

    private static TrainingStep pupil(Architecture first, Architecture second, Teacher teacher) {
        return new TrainingStep(List.of(Lesson.of(first), Lesson.of(second, 0.5f, 2, teacher)), Combination.MEAN, RATE);
    }

    @ParameterizedTest
    @MethodSource("implementations")
    void lessonsOfLabelsAloneArePlainTraining(Implementation<?> implementation) {
        List<Architecture> subnets = List.of(ARCHITECTURES.get(9), ARCHITECTURES.get(3));
        List<Lesson> lessons = subnets.stream().map(Lesson::of).toList();
        try (Supernet plain = supernet(implementation, FULL);
                Supernet taught = supernet(implementation, FULL)) {
            for (int step = 0; step < 2; step++) {
                Batch batch = batch(12, step);
                Evaluation expected =
                        plain.train(batch, subnets, Combination.SUM, RATE).get();
                assertThat(taught.train(batch, new TrainingStep(lessons, Combination.SUM, RATE))
                                .get())
                        .isEqualTo(expected);
            }
            assertSameBits(taught.state(), plain.state());
        }
    }

    /**
     * Of the reference. Half of the teacher's certainty is in another class for each image, half is spread evenly, so that
     * its divergence is a sum of cross entropies with other labels, but for a constant.
     */
    @Test
    void gradientsOfLessonsAreThoseOfTheirLoss() {
        Architecture subnet = ARCHITECTURES.get(9);
        Batch batch = batch(12, 1);
        int[] taught = new Random(3).ints(12, 0, CLASSES).toArray();
        float[] probabilities = new float[12 * CLASSES];
        Arrays.fill(probabilities, 0.5f / CLASSES);
        for (int image = 0; image < 12; image++) {
            probabilities[image * CLASSES + taught[image]] += 0.5f;
        }
        try (Supernet supernet = supernet(ReferenceKernels.IMPLEMENTATION, PLAIN)) {
            SupernetState before = supernet.state();
            Lesson lesson = Lesson.of(subnet, 0.5f, 2, new Teacher.Known(probabilities));
            supernet.train(batch, new TrainingStep(List.of(lesson), Combination.MEAN, RATE));
            SupernetState after = supernet.state(); // its momentum is the gradient
            DoubleSupplier loss = () -> {
                double spread = IntStream.range(0, CLASSES)
                        .mapToObj(label ->
                                IntStream.generate(() -> label).limit(12).toArray())
                        .mapToDouble(labels -> crossEntropy(supernet, batch, labels, subnet))
                        .average()
                        .orElseThrow();
                return 0.5 * crossEntropy(supernet, batch, batch.labels(), subnet)
                        + 2 * (0.5 * crossEntropy(supernet, batch, taught, subnet) + 0.5 * spread);
            };
            Random random = new Random(5);
            for (Weight weight : SPACE.network(subnet, spec(PLAIN).size()).weights()) {
                int index = random.nextInt(weight.size());
                double gradient = after.momentum(weight)[index];
                assertThat(finiteDifference(supernet, before, weight.name(), index, loss))
                        .as(weight.name() + " at " + index)
                        .isCloseTo(gradient, within(1e-4 + 1e-3 * Math.abs(gradient)));
            }
        }
    }

    private static double crossEntropy(Supernet supernet, Batch images, int[] labels, Architecture subnet) {
        Batch labelled = new Batch(images.images(), labels, images.shape());
        return supernet.score(labelled, List.of(subnet)).get(0).loss();
    }

    private static TrainingStep withAveragedTeacher(Architecture subnet, Architecture teacher) {
        return new TrainingStep(
                List.of(Lesson.of(subnet, 1, 1, new Teacher.Averaged(teacher))), Combination.MEAN, RATE);
    }

    @ParameterizedTest
    @MethodSource("implementations")
    void averagedTeachersAreTheReference(Implementation<?> implementation) {
        try (Supernet reference = supernet(ReferenceKernels.IMPLEMENTATION, FULL);
                Supernet supernet = supernet(implementation, FULL)) {
            for (int step = 0; step < 4; step++) {
                Architecture subnet = ARCHITECTURES.get(step + 2);
                Architecture teacher = ARCHITECTURES.get(step + 6);
                Batch batch = batch(step == 2 ? 5 : LARGEST_BATCH, step);
                for (Supernet each : List.of(reference, supernet)) {
                    each.average(List.of(subnet, teacher), 0.7f);
                    each.train(batch, withAveragedTeacher(subnet, teacher));
                }
            }
            assertThat(supernet.state().hasAverages()).isTrue();
            assertClose(supernet.state(), reference.state(), 1e-3f);
        }
    }

    /** Those of the path move by the formula of an exponential average, the others stay as they are bit for bit. */
    @ParameterizedTest
    @MethodSource("implementations")
    void onlyTheAveragesOfThePathMove(Implementation<?> implementation) {
        try (Supernet supernet = supernet(implementation, FULL)) {
            supernet.average(List.of(), 0.5f);
            trainOnAll(supernet);
            SupernetState before = supernet.state();
            supernet.average(ARCHITECTURES.subList(9, 10), 0.75f);
            SupernetState after = supernet.state();

            Set<Weight> path = Set.copyOf(
                    SPACE.network(ARCHITECTURES.get(9), spec(FULL).size()).weights());
            assertThat(path).hasSizeLessThan(spec(FULL).weights().size());
            for (Weight weight : spec(FULL).weights()) {
                float[] expected = before.average(weight).clone();
                if (path.contains(weight)) {
                    for (int i = 0; i < expected.length; i++) {
                        expected[i] = 0.75f * expected[i] + 0.25f * before.values(weight)[i];
                    }
                    assertThat(after.average(weight))
                            .isNotEqualTo(before.average(weight))
                            .usingComparatorWithPrecision(1e-6f)
                            .containsExactly(expected);
                } else {
                    assertThat(after.average(weight)).as(weight.name()).isEqualTo(expected);
                }
            }
            assertSameBits(after.inherited(), before.inherited());
        }
    }

    @ParameterizedTest
    @MethodSource("implementations")
    void averagesBeginAsTheWeightsAndAreRestored(Implementation<?> implementation) {
        try (Supernet one = supernet(implementation, FULL);
                Supernet other = supernet(implementation, FULL)) {
            trainOnAll(one);
            SupernetState plain = one.state();
            one.average(List.of(), 0.5f);
            spec(FULL).weights().forEach(weight -> assertThat(one.state().average(weight))
                    .isEqualTo(plain.values(weight)));

            trainOnAll(one);
            one.average(ARCHITECTURES.subList(9, 10), 0.5f);
            other.restore(one.state());
            one.rest();
            for (Supernet each : List.of(one, other)) {
                each.average(ARCHITECTURES.subList(3, 5), 0.5f);
                each.train(batch(12, 7), withAveragedTeacher(ARCHITECTURES.get(9), ARCHITECTURES.get(3)));
            }
            assertSameBits(other.state(), one.state());

            other.restore(plain);
            spec(FULL).weights().forEach(weight -> assertThat(other.state().average(weight))
                    .as("without averages")
                    .isEqualTo(plain.values(weight)));
        }
    }

    /** Steps with momenta of their own are those of a supernet that took no others, but for the weights in between. */
    @ParameterizedTest
    @MethodSource("implementations")
    void momentaAreKeptApart(Implementation<?> implementation) {
        TrainingStep first = withMomenta(0);
        TrainingStep second = withMomenta(2);
        try (Supernet both = supernet(implementation, PLAIN);
                Supernet alone = supernet(implementation, PLAIN)) {
            both.train(batch(8, 1), first);
            SupernetState before = both.state();
            both.train(batch(8, 2), second);
            SupernetState after = both.state();
            alone.restore(before);
            alone.restore(withoutMomenta(alone.state()));
            alone.train(batch(8, 2), first);

            assertThat(after.momenta()).containsExactly(0, 2);
            for (Weight weight : spec(PLAIN).weights()) {
                assertThat(after.momentum(weight)).isEqualTo(before.momentum(weight));
                assertThat(after.momentum(2, weight)).isEqualTo(alone.state().momentum(weight));
                assertThat(after.values(weight)).isEqualTo(alone.state().values(weight));
            }

            alone.restore(after);
            assertSameBits(alone.state(), after);
            for (Supernet each : List.of(both, alone)) {
                each.train(batch(8, 3), second);
                each.train(batch(8, 4), first);
            }
            assertSameBits(alone.state(), both.state());
            alone.restore(before);
            assertThat(alone.state().momentum(2, spec(PLAIN).weights().get(0))).containsOnly(0);
        }
    }

    private static TrainingStep withMomenta(int number) {
        return new TrainingStep(List.of(Lesson.of(ARCHITECTURES.get(9))), Combination.MEAN, RATE, number);
    }

    private static SupernetState withoutMomenta(SupernetState state) {
        Map<String, Tensor> tensors = new LinkedHashMap<>(state.tensors());
        tensors.replaceAll((name, tensor) -> name.startsWith(SupernetState.MOMENTUM)
                ? new Tensor(tensor.shape(), new float[tensor.values().length])
                : tensor);
        return new SupernetState(tensors);
    }

    @Test
    void refusesATeacherOfOtherImages() {
        try (Supernet supernet = supernet(ReferenceKernels.IMPLEMENTATION, PLAIN)) {
            assertThatThrownBy(() -> supernet.train(batch(12, 1), distilling(Combination.MEAN, 11, 1)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("110 values are not 12 images of 10x1x1");
        }
    }

    @ParameterizedTest
    @MethodSource("implementations")
    void aSupernetThatHasRestedGoesOn(Implementation<?> implementation) {
        try (Supernet rested = supernet(implementation, FULL);
                Supernet other = supernet(implementation, FULL)) {
            for (int step = 0; step < 3; step++) {
                List<Architecture> subnets = ARCHITECTURES.subList(7 + step, 9 + step);
                Evaluation expected =
                        other.train(batch(12, step), subnets, RATE).get();
                assertThat(rested.train(batch(12, step), subnets, RATE).get()).isEqualTo(expected);
                rested.rest();
                assertThat(rested.score(batch(20, step), subnets)).isEqualTo(other.score(batch(20, step), subnets));
                rested.rest();
            }
        }
    }

    /** Of a device that has no memory left, say. */
    @Test
    void kernelsAreClosedIfThereCanBeNoSupernet() {
        List<String> calls = new ArrayList<>();
        Kernels<?> kernels = (Kernels<?>) Proxy.newProxyInstance(
                Kernels.class.getClassLoader(), new Class<?>[] {Kernels.class}, (proxy, method, arguments) -> {
                    calls.add(method.getName());
                    return switch (method.getName()) {
                        case "weight" -> throw new IllegalStateException("full");
                        case "explained" -> arguments[0];
                        default -> null;
                    };
                });

        assertThatIllegalStateException()
                .isThrownBy(() -> new GraphSupernet<>(spec(PLAIN), kernels))
                .withMessage("full");

        assertThat(calls).contains("close").doesNotHaveDuplicates();
    }

    /** An evaluation that is not there when the device has been waited for. */
    private record FailingEvaluation(RuntimeException failure) implements PendingEvaluation {

        @Override
        public boolean ready() {
            return true;
        }

        @Override
        public Evaluation get() {
            throw failure;
        }
    }

    /** A GPU fails when it is waited for: for an evaluation or a copy, maybe long after the step that was to blame. */
    @ParameterizedTest
    @ValueSource(strings = {"images", "evaluate", "read", "write", "rest", "close"})
    void kernelsExplainTheirFailuresWherever(String failing) {
        Kernels<?> reference = ReferenceKernels.IMPLEMENTATION.kernels(LARGEST_BATCH);
        IllegalStateException raw = new IllegalStateException("raw");
        AtomicBoolean fails = new AtomicBoolean();
        Kernels<?> kernels = (Kernels<?>) Proxy.newProxyInstance(
                Kernels.class.getClassLoader(), new Class<?>[] {Kernels.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("explained")) {
                        return new IllegalStateException("explained", (Throwable) arguments[0]);
                    }
                    if (!fails.get() || !method.getName().equals(failing)) {
                        return method.invoke(reference, arguments);
                    }
                    if (method.getReturnType() == PendingEvaluation.class) {
                        return new FailingEvaluation(raw);
                    }
                    throw raw;
                });
        Supernet supernet = new GraphSupernet<>(spec(PLAIN), kernels);
        fails.set(true);

        assertThatIllegalStateException()
                .isThrownBy(() -> {
                    supernet.train(batch(4, 1), ARCHITECTURES.subList(9, 10), RATE)
                            .get();
                    supernet.restore(supernet.state());
                    supernet.rest();
                    supernet.close();
                })
                .withMessage("explained");
    }

    @ParameterizedTest
    @MethodSource("architectures")
    void referenceGradientsAreThoseOfTheLoss(Architecture architecture) {
        try (Supernet supernet = supernet(ReferenceKernels.IMPLEMENTATION, PLAIN)) {
            Batch batch = batch(12, 1);
            SupernetState before = supernet.state();
            supernet.train(batch, List.of(architecture), RATE);
            SupernetState after = supernet.state();
            Random random = new Random(5);
            for (Weight weight : SPACE.network(architecture, spec(PLAIN).size()).weights()) {
                int index = random.nextInt(weight.size());
                double gradient = after.tensors()
                        .get(SupernetState.MOMENTUM + weight.name())
                        .values()[index];
                assertThat(finiteDifference(
                                supernet,
                                before,
                                weight.name(),
                                index,
                                () -> crossEntropy(supernet, batch, batch.labels(), architecture)))
                        .as(weight.name() + " at " + index)
                        .isCloseTo(gradient, within(1e-4 + 1e-3 * Math.abs(gradient)));
            }
        }
    }

    private static double finiteDifference(
            Supernet supernet, SupernetState state, String name, int index, DoubleSupplier loss) {
        float value = state.tensors().get(name).values()[index];
        float higher = value + 1e-5f;
        float lower = value - 1e-5f;
        supernet.restore(with(state, name, index, higher));
        double above = loss.getAsDouble();
        supernet.restore(with(state, name, index, lower));
        double below = loss.getAsDouble();
        return (above - below) / ((double) higher - lower);
    }

    private static SupernetState with(SupernetState state, String name, int index, float value) {
        Map<String, Tensor> tensors = new LinkedHashMap<>(state.tensors());
        float[] values = tensors.get(name).values().clone();
        values[index] = value;
        tensors.put(name, new Tensor(tensors.get(name).shape(), values));
        return new SupernetState(tensors);
    }

    @ParameterizedTest
    @MethodSource("implementations")
    void weightsThatNoSubnetUsesStayAsTheyAre(Implementation<?> implementation) {
        Architecture first = ARCHITECTURES.get(3);
        Architecture second = ARCHITECTURES.get(5);
        try (Supernet supernet = supernet(implementation, FULL)) {
            supernet.train(batch(8, 1), List.of(first), RATE);
            SupernetState before = supernet.state();
            supernet.train(batch(8, 2), List.of(second), RATE);
            SupernetState after = supernet.state();
            Set<String> used = SPACE.network(second, spec(FULL).size()).weights().stream()
                    .map(Weight::name)
                    .collect(Collectors.toSet());
            before.tensors().forEach((name, tensor) -> {
                float[] values = after.tensors().get(name).values();
                if (used.contains(name.replace(SupernetState.MOMENTUM, ""))) {
                    assertThat(values).as(name).isNotEqualTo(tensor.values());
                } else {
                    assertThat(values).as(name).isEqualTo(tensor.values());
                }
            });
        }
    }

    @ParameterizedTest
    @MethodSource("implementations")
    void theSameStepsGiveTheSameBits(Implementation<?> implementation) {
        try (Supernet one = supernet(implementation, FULL);
                Supernet other = supernet(implementation, FULL)) {
            trainOnAll(one);
            trainOnAll(other);
            assertSameBits(one.state(), other.state());
        }
    }

    private static void trainOnAll(Supernet supernet) {
        for (int step = 0; step < ARCHITECTURES.size(); step++) {
            supernet.train(batch(LARGEST_BATCH, step), List.of(ARCHITECTURES.get(step)), RATE);
        }
    }

    private static void assertSameBits(SupernetState actual, SupernetState expected) {
        assertThat(actual.tensors().keySet())
                .containsExactlyElementsOf(expected.tensors().keySet());
        expected.tensors()
                .forEach((name, tensor) ->
                        assertThat(actual.tensors().get(name).values()).as(name).isEqualTo(tensor.values()));
    }

    @ParameterizedTest
    @MethodSource("implementations")
    void goesOnFromARestoredStateAsIfNothingHadHappened(Implementation<?> implementation) {
        try (Supernet one = supernet(implementation, FULL);
                Supernet other = supernet(implementation, FULL)) {
            trainOnAll(one);
            other.restore(one.state());
            assertSameBits(other.state(), one.state());
            trainOnAll(one);
            trainOnAll(other);
            assertSameBits(other.state(), one.state());
        }
    }

    @ParameterizedTest
    @MethodSource("implementations")
    void refusesAStateThatIsNotItsOwnAndKeepsIts(Implementation<?> implementation) {
        try (Supernet supernet = supernet(implementation, FULL)) {
            trainOnAll(supernet);
            SupernetState state = supernet.state();
            Map<String, Tensor> tensors = new LinkedHashMap<>(state.tensors());
            tensors.replaceAll((name, tensor) -> new Tensor(tensor.shape(), new float[tensor.values().length]));

            Map<String, Tensor> missing = new LinkedHashMap<>(tensors);
            missing.remove("momentum.classifier.bias");
            assertThatThrownBy(() -> supernet.restore(new SupernetState(missing)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("tensor 'momentum.classifier.bias' should have the shape [10], but is missing");

            Map<String, Tensor> reshaped = new LinkedHashMap<>(tensors);
            reshaped.put("stem.conv.weight", new Tensor(List.of(4, 27), new float[108]));
            assertThatThrownBy(() -> supernet.restore(new SupernetState(reshaped)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("tensor 'stem.conv.weight' should have the shape [4, 3, 3, 3], but has [4, 27]");

            Map<String, Tensor> unknown = new LinkedHashMap<>(tensors);
            unknown.put("b", new Tensor(List.of(1), new float[1]));
            unknown.put("a", new Tensor(List.of(1), new float[1]));
            assertThatThrownBy(() -> supernet.restore(new SupernetState(unknown)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("this supernet has no tensor 'a'");

            assertSameBits(supernet.state(), state);
        }
    }

    @ParameterizedTest
    @MethodSource("implementations")
    void scoringLeavesTheWeightsAndSaysWhatTrainingSays(Implementation<?> implementation) {
        try (Supernet supernet = supernet(implementation, FULL)) {
            trainOnAll(supernet);
            SupernetState before = supernet.state();
            Batch batch = batch(20, 42);
            List<Evaluation> scores = supernet.score(batch, ARCHITECTURES);
            assertSameBits(supernet.state(), before);
            for (int i = 0; i < ARCHITECTURES.size(); i++) {
                supernet.restore(before);
                assertThat(supernet.train(batch, List.of(ARCHITECTURES.get(i)), RATE)
                                .get())
                        .isEqualTo(scores.get(i));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("implementations")
    void makesNoBuffersOnceItHasSeenEverySubnet(Implementation<?> implementation) {
        AtomicInteger made = new AtomicInteger();
        try (Supernet supernet = countingSupernet(implementation, made)) {
            trainOnAll(supernet);
            supernet.train(batch(LARGEST_BATCH, 0), distilling(Combination.MEAN, LARGEST_BATCH, 0));
            supernet.score(batch(LARGEST_BATCH, 0), ARCHITECTURES);
            int afterFirstPass = made.get();
            assertThat(afterFirstPass).isPositive();
            trainOnAll(supernet);
            supernet.score(batch(7, 0), ARCHITECTURES);
            supernet.train(batch(7, 0), distilling(Combination.SUM, 7, 0));
            trainOnAll(supernet);
            assertThat(made).hasValue(afterFirstPass);
        }
    }

    @SuppressWarnings("unchecked")
    private static <B> Supernet countingSupernet(Implementation<B> implementation, AtomicInteger made) {
        Kernels<B> kernels = implementation.kernels(LARGEST_BATCH);
        Set<String> making = Set.of("featureMaps", "channelValues");
        Kernels<B> counting = (Kernels<B>) Proxy.newProxyInstance(
                Kernels.class.getClassLoader(), new Class<?>[] {Kernels.class}, (proxy, method, arguments) -> {
                    if (making.contains(method.getName())) {
                        made.incrementAndGet();
                    }
                    try {
                        return method.invoke(kernels, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
        return new GraphSupernet<>(spec(FULL), counting);
    }

    @ParameterizedTest
    @MethodSource("implementations")
    void learnsABatchByHeart(Implementation<?> implementation) {
        try (Supernet supernet = supernet(implementation, new Optimizer(0.9f, 0, 0))) {
            Batch batch = batch(32, 0);
            double loss = 0;
            for (int step = 0; step < 60; step++) {
                loss = supernet.train(batch, List.of(ARCHITECTURES.get(3)), RATE)
                        .get()
                        .loss();
            }
            assertThat(loss).isLessThan(Math.log(CLASSES) / 4);
        }
    }

    @Test
    void refusesABatchThatDoesNotFit() {
        try (Supernet supernet = supernet(ReferenceKernels.IMPLEMENTATION, PLAIN)) {
            assertThatThrownBy(() -> supernet.score(batch(LARGEST_BATCH + 1, 0), ARCHITECTURES))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("this supernet takes at most 32 images of 3x8x8, not 33 of 3x8x8");
        }
    }
}
