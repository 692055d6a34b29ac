package io.efsnas.supernet.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.efsnas.data.Batch;
import io.efsnas.network.Layer;
import io.efsnas.network.ModelSize;
import io.efsnas.network.Network;
import io.efsnas.network.Network.Node;
import io.efsnas.network.Shape;
import io.efsnas.space.Architecture;
import io.efsnas.space.nasbench201.NasBench201Space;
import io.efsnas.supernet.Evaluation;
import io.efsnas.supernet.NormStatistics;
import io.efsnas.supernet.Supernet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Batch norms by given statistics, over every implementation of the kernels. */
class StatisticsPassTest {

    private static final NasBench201Space SPACE = new NasBench201Space();
    private static final int IMAGES = 12;
    private static final SpaceSupernets SUPERNETS =
            new SpaceSupernets(SPACE, new ModelSize(4, 1, new Shape(3, 8, 8), 10), IMAGES);

    private static final List<Architecture> ARCHITECTURES = Stream.of(
                    "|nor_conv_3x3~0|+|nor_conv_3x3~0|nor_conv_3x3~1|+|nor_conv_3x3~0|nor_conv_1x1~1|nor_conv_3x3~2|",
                    "|nor_conv_1x1~0|+|skip_connect~0|avg_pool_3x3~1|+|none~0|none~1|nor_conv_3x3~2|")
            .map(SPACE::parse)
            .toList();

    static Stream<Arguments> cases() {
        return SpaceSupernets.withEachImplementation(ARCHITECTURES);
    }

    private static Batch part(Batch whole, int from, int to) {
        int size = whole.shape().size();
        return new Batch(
                Arrays.copyOfRange(whole.images(), from * size, to * size),
                Arrays.copyOfRange(whole.labels(), from, to),
                whole.shape());
    }

    private static Supernet trained(Implementation<?> implementation) {
        Supernet supernet = SUPERNETS.over(implementation);
        for (int step = 0; step < 4; step++) {
            supernet.train(SUPERNETS.noise(), ARCHITECTURES, 0.1f).get();
        }
        return supernet;
    }

    private static Evaluation score(Supernet supernet, Batch batch, Architecture subnet, NormStatistics statistics) {
        return supernet.score(batch, List.of(subnet), List.of(statistics)).get(0);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void theStatisticsAreTheReference(Implementation<?> implementation, Architecture architecture) {
        try (Supernet reference = SUPERNETS.over(ReferenceKernels.IMPLEMENTATION);
                Supernet supernet = SUPERNETS.over(implementation)) {
            supernet.restore(reference.state());
            NormStatistics expected = reference
                    .statistics(SUPERNETS.noise(), List.of(architecture))
                    .get(0);
            NormStatistics actual = supernet.statistics(SUPERNETS.noise(), List.of(architecture))
                    .get(0);

            assertThat(actual.means()).hasSize(norms(architecture).size());
            for (int norm = 0; norm < expected.means().size(); norm++) {
                assertThat(actual.means().get(norm))
                        .containsExactly(expected.means().get(norm), within(1e-4));
                assertThat(actual.variances().get(norm))
                        .containsExactly(expected.variances().get(norm), within(1e-4));
            }
        }
    }

    /** The batch norms of an architecture, in the order of its layers. */
    private static List<Node> norms(Architecture architecture) {
        Network network = SPACE.network(architecture, SUPERNETS.size());
        return network.nodes().stream()
                .filter(node -> node.layer() instanceof Layer.BatchNorm)
                .toList();
    }

    /** Those of the batch itself, with the variances that its own normalisation takes, are as if there were none. */
    @ParameterizedTest
    @MethodSource("cases")
    void theStatisticsOfABatchNormaliseItAsItNormalisesItself(
            Implementation<?> implementation, Architecture architecture) {
        try (Supernet supernet = trained(implementation)) {
            Batch batch = SUPERNETS.noise();
            NormStatistics ofSample =
                    supernet.statistics(batch, List.of(architecture)).get(0);
            List<Node> norms = norms(architecture);
            List<double[]> variances = IntStream.range(0, norms.size())
                    .mapToObj(norm -> {
                        double count = (double) IMAGES * norms.get(norm).shape().pixels();
                        return Arrays.stream(ofSample.variances().get(norm))
                                .map(variance -> variance * (count - 1) / count)
                                .toArray();
                    })
                    .toList();

            Evaluation given = score(supernet, batch, architecture, new NormStatistics(ofSample.means(), variances));
            Evaluation own = supernet.score(batch, List.of(architecture)).get(0);

            assertThat(given.lossSum()).isCloseTo(own.lossSum(), within(1e-3 * own.lossSum()));
            assertThat(given.correct()).isEqualTo(own.correct());
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void anImageDoesNotDependOnItsBatch(Implementation<?> implementation, Architecture architecture) {
        try (Supernet supernet = trained(implementation)) {
            Batch whole = SUPERNETS.noise();
            NormStatistics statistics = supernet.statistics(part(whole, 0, 8), List.of(architecture))
                    .get(0);
            Evaluation together = score(supernet, whole, architecture, statistics);
            List<Integer> ends = List.of(0, 1, 3, 7, IMAGES);
            Evaluation given = Evaluation.NONE;
            Evaluation own = Evaluation.NONE;
            for (int i = 1; i < ends.size(); i++) {
                Batch part = part(whole, ends.get(i - 1), ends.get(i));
                given = given.plus(score(supernet, part, architecture, statistics));
                own = own.plus(supernet.score(part, List.of(architecture)).get(0));
            }

            assertThat(given.images()).isEqualTo(IMAGES);
            assertThat(given.correct()).isEqualTo(together.correct());
            assertThat(given.lossSum()).isCloseTo(together.lossSum(), within(1e-4 * together.lossSum()));
            // by its own statistics it does
            assertThat(own.lossSum())
                    .isNotCloseTo(
                            supernet.score(whole, List.of(architecture)).get(0).lossSum(),
                            within(1e-3 * together.lossSum()));
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void changesNothing(Implementation<?> implementation, Architecture architecture) {
        try (Supernet supernet = trained(implementation)) {
            Batch batch = SUPERNETS.noise();
            Evaluation before = supernet.score(batch, List.of(architecture)).get(0);
            NormStatistics statistics =
                    supernet.statistics(batch, List.of(architecture)).get(0);
            List<Evaluation> scores = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                scores.add(score(supernet, batch, architecture, statistics));
            }

            assertThat(scores.get(1)).isEqualTo(scores.get(0));
            assertThat(supernet.score(batch, List.of(architecture)).get(0)).isEqualTo(before);
        }
    }
}
