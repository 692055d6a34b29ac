package io.efsnas.supernet.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import io.efsnas.data.Batch;
import io.efsnas.network.ModelSize;
import io.efsnas.network.Network;
import io.efsnas.network.Shape;
import io.efsnas.network.Weight;
import io.efsnas.space.Architecture;
import io.efsnas.space.mobilenet.MobileNetSpace;
import io.efsnas.space.nasbench201.NasBench201Space;
import io.efsnas.supernet.Evaluation;
import io.efsnas.supernet.FeatureLesson;
import io.efsnas.supernet.FeatureLoss;
import io.efsnas.supernet.Supernet;
import io.efsnas.supernet.SupernetSpec;
import io.efsnas.supernet.SupernetSpec.Optimizer;
import io.efsnas.supernet.SupernetState;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Steps by losses of features, and of the classifier alone, over every implementation of the kernels. */
class FeatureTrainingTest {

    private static final SpaceSupernets CELLS =
            new SpaceSupernets(new NasBench201Space(), new ModelSize(4, 1, new Shape(3, 8, 8), 5), 12);
    private static final SpaceSupernets BLOCKS =
            new SpaceSupernets(new MobileNetSpace(), new ModelSize(4, 1, new Shape(3, 14, 14), 5), 6);
    private static final float RATE = 0.05f;

    static Stream<Arguments> implementations() {
        return Stream.of(CELLS, BLOCKS)
                .flatMap(supernets -> Implementations.ALL.stream().map(one -> Arguments.of(one, supernets)));
    }

    private static Architecture subnet(SpaceSupernets supernets) {
        return supernets.space().covering().get(1);
    }

    /** The weight and the bias of the classifier. */
    private static List<Weight> classifier(SpaceSupernets supernets) {
        Network network = supernets.spec().subnet(subnet(supernets));
        return network.nodes().get(network.nodes().size() - 1).layer().weights();
    }

    private static List<Weight> others(SpaceSupernets supernets) {
        List<Weight> weights = new ArrayList<>(supernets.spec().weights());
        weights.removeAll(classifier(supernets));
        return weights;
    }

    private static <B> Supernet supernet(Implementation<B> implementation, SpaceSupernets supernets, Optimizer how) {
        SupernetSpec spec = new SupernetSpec(supernets.space(), supernets.size(), how, supernets.images(), 3);
        return new GraphSupernet<>(spec, implementation.kernels(supernets.images()));
    }

    /** The cross entropy, computed from features by the classifier that a state has. */
    private static FeatureLoss crossEntropy(SpaceSupernets supernets, SupernetState state) {
        float[] weight = state.values(classifier(supernets).get(0));
        float[] bias = state.values(classifier(supernets).get(1));
        int[] labels = supernets.noise().labels();
        int classes = bias.length;
        return (features, gradient) -> {
            int width = features.length / labels.length;
            double loss = 0;
            for (int image = 0; image < labels.length; image++) {
                double[] exps = new double[classes];
                double sum = 0;
                for (int c = 0; c < classes; c++) {
                    double logit = bias[c];
                    for (int i = 0; i < width; i++) {
                        logit += weight[c * width + i] * features[image * width + i];
                    }
                    exps[c] = Math.exp(logit);
                    sum += exps[c];
                }
                loss -= Math.log(exps[labels[image]] / sum);
                for (int i = 0; i < width; i++) {
                    double arrived = 0;
                    for (int c = 0; c < classes; c++) {
                        arrived += (exps[c] / sum - (c == labels[image] ? 1 : 0)) * weight[c * width + i];
                    }
                    gradient[image * width + i] = (float) (arrived / labels.length);
                }
            }
            return new Evaluation(labels.length, 0, loss);
        };
    }

    /** A loss that the classifier's cross entropy is made of has to give the gradients of a step on labels. */
    @ParameterizedTest
    @MethodSource("implementations")
    void gradientsOfFeaturesReachAllWeightsButTheClassifiers(
            Implementation<?> implementation, SpaceSupernets supernets) {
        try (Supernet byLabels = supernets.over(implementation);
                Supernet byFeatures = supernets.over(implementation)) {
            SupernetState before = byFeatures.state();
            FeatureLoss loss = crossEntropy(supernets, before);
            Batch batch = supernets.noise();
            Evaluation expected =
                    byLabels.train(batch, List.of(subnet(supernets)), RATE).get();
            Evaluation actual = byFeatures
                    .trainFeatures(List.of(new FeatureLesson(batch, subnet(supernets), loss)), RATE)
                    .get();

            assertThat(actual.loss()).isCloseTo(expected.loss(), within(1e-5));
            SupernetState after = byFeatures.state();
            SupernetState labelled = byLabels.state();
            double squares = 0;
            double differences = 0;
            for (Weight weight : others(supernets)) {
                float[] its = after.momentum(weight);
                float[] wanted = labelled.momentum(weight);
                for (int i = 0; i < its.length; i++) {
                    squares += (double) wanted[i] * wanted[i];
                    differences += Math.pow(its[i] - wanted[i], 2);
                }
            }
            assertThat(squares).isPositive();
            assertThat(Math.sqrt(differences / squares)).isLessThan(1e-3);
            for (Weight weight : classifier(supernets)) {
                assertThat(after.values(weight)).isEqualTo(before.values(weight));
                assertThat(after.momentum(weight)).isEqualTo(new float[weight.size()]);
            }
        }
    }

    /** Two lessons with the same loss give the sum of their gradients, which is twice that of one. */
    @ParameterizedTest
    @MethodSource("implementations")
    void gradientsOfLessonsAreSummed(Implementation<?> implementation, SpaceSupernets supernets) {
        try (Supernet one = supernets.over(implementation);
                Supernet two = supernets.over(implementation)) {
            FeatureLesson lesson =
                    new FeatureLesson(supernets.noise(), subnet(supernets), crossEntropy(supernets, one.state()));
            one.trainFeatures(List.of(lesson), RATE).get();
            two.trainFeatures(List.of(lesson, lesson), RATE).get();

            Weight last = others(supernets).get(0);
            float[] sum = two.state().momentum(last);
            float[] single = one.state().momentum(last);
            for (int i = 0; i < sum.length; i++) {
                assertThat(sum[i]).isCloseTo(2 * single[i], within(1e-5f + 1e-4f * Math.abs(sum[i])));
            }
        }
    }

    /** The same gradient as in a step on labels, without the weight decay of this supernet, and nothing else changes. */
    @ParameterizedTest
    @MethodSource("implementations")
    void theClassifierLearnsAlone(Implementation<?> implementation, SpaceSupernets supernets) {
        Optimizer decaying = new Optimizer(0.9f, 0.1f, 0);
        try (Supernet whole = supernets.over(implementation);
                Supernet frozen = supernet(implementation, supernets, decaying)) {
            SupernetState before = frozen.state();
            Batch batch = supernets.noise();
            Evaluation expected =
                    whole.train(batch, List.of(subnet(supernets)), RATE).get();
            Evaluation actual =
                    frozen.trainClassifier(batch, subnet(supernets), RATE).get();

            assertThat(actual.correct()).isEqualTo(expected.correct());
            assertThat(actual.loss()).isCloseTo(expected.loss(), within(1e-5));
            SupernetState after = frozen.state();
            SupernetState wanted = whole.state();
            for (Weight weight : classifier(supernets)) {
                assertThat(after.values(weight)).isNotEqualTo(before.values(weight));
                assertArrayEquals(wanted.momentum(weight), after.momentum(weight), 1e-5f);
            }
            for (Weight weight : others(supernets)) {
                assertThat(after.values(weight)).isEqualTo(before.values(weight));
                assertThat(after.momentum(weight)).isEqualTo(new float[weight.size()]);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("implementations")
    void averagedFeaturesChangeOnlyWhenAveragesMove(Implementation<?> implementation, SpaceSupernets supernets) {
        try (Supernet supernet = supernets.over(implementation)) {
            Batch batch = supernets.noise();
            Architecture subnet = subnet(supernets);
            FeatureLoss loss = crossEntropy(supernets, supernet.state());
            float[] first = supernet.averagedFeatures(batch, subnet);
            List<float[]> given = new ArrayList<>();
            FeatureLoss noting = (features, gradient) -> {
                given.add(features.clone());
                return loss.of(features, gradient);
            };
            supernet.trainFeatures(List.of(new FeatureLesson(batch, subnet, noting)), RATE);

            assertArrayEquals(first, given.get(0), 1e-4f);
            assertThat(supernet.averagedFeatures(batch, subnet)).isEqualTo(first);
            supernet.average(List.of(subnet), 0.5f);
            assertThat(supernet.averagedFeatures(batch, subnet)).isNotEqualTo(first);
        }
    }

    /** What steps of one kind leave behind does not disturb those of another. */
    @ParameterizedTest
    @MethodSource("implementations")
    void stepsOfAllKindsGoTogether(Implementation<?> implementation, SpaceSupernets supernets) {
        try (Supernet mixed = supernets.over(implementation);
                Supernet restored = supernets.over(implementation)) {
            Batch batch = supernets.noise();
            Architecture subnet = subnet(supernets);
            FeatureLesson lesson = new FeatureLesson(batch, subnet, crossEntropy(supernets, mixed.state()));
            mixed.averagedFeatures(batch, subnet);
            mixed.trainClassifier(batch, subnet, RATE).get();
            mixed.trainFeatures(List.of(lesson), RATE).get();
            restored.restore(mixed.state());

            mixed.train(batch, List.of(subnet), RATE).get();
            restored.train(batch, List.of(subnet), RATE).get();
            SupernetState expected = restored.state();
            mixed.state().tensors().forEach((name, tensor) -> assertThat(tensor.values())
                    .as(name)
                    .isEqualTo(expected.tensors().get(name).values()));
        }
    }
}
