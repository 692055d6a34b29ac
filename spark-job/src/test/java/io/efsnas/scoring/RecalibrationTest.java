package io.efsnas.scoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.efsnas.data.Augmentation;
import io.efsnas.data.Dataset;
import io.efsnas.data.DatasetSpec;
import io.efsnas.data.ScoringBatches;
import io.efsnas.data.TestImages;
import io.efsnas.data.TrainingBatches;
import io.efsnas.data.format.Decoding;
import io.efsnas.data.format.ImageFormat;
import io.efsnas.network.ModelSize;
import io.efsnas.space.Architecture;
import io.efsnas.space.nasbench201.NasBench201Space;
import io.efsnas.supernet.Engine;
import io.efsnas.supernet.Evaluation;
import io.efsnas.supernet.NormStatistics;
import io.efsnas.supernet.Resources;
import io.efsnas.supernet.Supernet;
import io.efsnas.supernet.SupernetSpec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecalibrationTest {

    private static final NasBench201Space SPACE = new NasBench201Space();
    private static final int IMAGES = 60;
    private static final int SIDE = 8;
    private static final int BATCHES = 3;
    private static final List<Architecture> SUBNETS = Stream.of(
                    "|nor_conv_3x3~0|+|none~0|nor_conv_1x1~1|+|skip_connect~0|none~1|nor_conv_3x3~2|",
                    "|skip_connect~0|+|none~0|none~1|+|nor_conv_3x3~0|none~1|none~2|")
            .map(SPACE::parse)
            .toList();

    @TempDir
    private Path directory;

    private Dataset dataset;
    private Supernet supernet;

    @BeforeEach
    void train() {
        dataset = images();
        supernet = Engine.named("vector")
                .create(
                        new SupernetSpec(
                                SPACE,
                                new ModelSize(2, 1, dataset.shape(), dataset.classes()),
                                new SupernetSpec.Optimizer(0.9f, 5e-4f, 0),
                                16,
                                3),
                        Resources.cpu(1));
        for (int step = 0; step < 5; step++) {
            supernet.train(training().batch(step), SUBNETS, 0.05f).get();
        }
    }

    private Dataset images() {
        Random random = new Random(5);
        byte[] pixels = new byte[IMAGES * SIDE * SIDE];
        random.nextBytes(pixels);
        byte[] labels = new byte[IMAGES];
        for (int image = 0; image < IMAGES; image++) {
            labels[image] = (byte) (image % 2);
        }
        String file = TestImages.write(
                directory.resolve("train-images-idx3-ubyte"), TestImages.idxImages(IMAGES, SIDE, SIDE, pixels));
        TestImages.write(directory.resolve("train-labels-idx1-ubyte"), TestImages.idxLabels(labels));
        return Dataset.load(
                new DatasetSpec(ImageFormat.IDX, Decoding.AS_IT_IS, List.of(file), List.of(), 0.5, 0.5, 0, 1, 1),
                new Configuration());
    }

    @AfterEach
    void close() {
        supernet.close();
    }

    private TrainingBatches training() {
        return new TrainingBatches(dataset.train(), dataset.normalization(), 8, new Augmentation(true, 2), 7, -5);
    }

    private ScoringBatches scoring(int largest) {
        return new ScoringBatches(dataset.validation(), 30, dataset.normalization(), largest);
    }

    private List<SubnetScore> scores(int largest) {
        return SubnetScorer.score(
                supernet, SUBNETS, new Recalibration(training(), BATCHES), scoring(largest), () -> {});
    }

    /** Against all batches' statistics, added up and divided. */
    @Test
    void statisticsAreTheMeansOverTheBatches() {
        List<NormStatistics> actual = new Recalibration(training(), BATCHES).of(supernet, SUBNETS);

        for (int subnet = 0; subnet < SUBNETS.size(); subnet++) {
            List<NormStatistics> each = new ArrayList<>();
            for (int i = 0; i < BATCHES; i++) {
                each.add(supernet.statistics(training().batch(i), List.of(SUBNETS.get(subnet)))
                        .get(0));
            }
            for (int norm = 0; norm < actual.get(subnet).means().size(); norm++) {
                for (int channel = 0; channel < actual.get(subnet).means().get(norm).length; channel++) {
                    double mean = 0;
                    double variance = 0;
                    for (NormStatistics one : each) {
                        mean += one.means().get(norm)[channel] / BATCHES;
                        variance += one.variances().get(norm)[channel] / BATCHES;
                    }
                    assertThat(actual.get(subnet).means().get(norm)[channel]).isCloseTo(mean, within(1e-12));
                    assertThat(actual.get(subnet).variances().get(norm)[channel])
                            .isCloseTo(variance, within(1e-12));
                }
            }
        }
        assertThat(actual.get(0).means())
                .hasSizeGreaterThan(actual.get(1).means().size());
    }

    @Test
    void scoresDoNotDependOnTheBatches() {
        List<SubnetScore> inTens = scores(10);
        List<SubnetScore> inFours = scores(4);

        for (int subnet = 0; subnet < SUBNETS.size(); subnet++) {
            Evaluation tens = inTens.get(subnet).evaluation();
            Evaluation fours = inFours.get(subnet).evaluation();
            assertThat(tens.images()).isEqualTo(30).isEqualTo(fours.images());
            assertThat(tens.correct()).isEqualTo(fours.correct());
            assertThat(tens.lossSum()).isCloseTo(fours.lossSum(), within(1e-4));
        }
        assertThat(SubnetScorer.score(supernet, SUBNETS, scoring(10), () -> {})
                        .get(0)
                        .evaluation()
                        .lossSum())
                .as("by the statistics of each batch")
                .isNotCloseTo(
                        SubnetScorer.score(supernet, SUBNETS, scoring(4), () -> {})
                                .get(0)
                                .evaluation()
                                .lossSum(),
                        within(1e-2));
    }

    @Test
    void eachSubnetIsScoredByStatisticsOfItsOwn() {
        List<SubnetScore> together = scores(10);

        for (int subnet = 0; subnet < SUBNETS.size(); subnet++) {
            assertThat(SubnetScorer.score(
                                    supernet,
                                    List.of(SUBNETS.get(subnet)),
                                    new Recalibration(training(), BATCHES),
                                    scoring(10),
                                    () -> {})
                            .get(0)
                            .evaluation())
                    .isEqualTo(together.get(subnet).evaluation());
        }
        assertThat(scores(10)).isEqualTo(together);
    }
}
