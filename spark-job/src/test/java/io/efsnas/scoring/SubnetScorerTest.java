package io.efsnas.scoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.efsnas.data.Dataset;
import io.efsnas.data.ScoringBatches;
import io.efsnas.data.TestImages;
import io.efsnas.space.Architecture;
import io.efsnas.supernet.Evaluation;
import io.efsnas.supernet.FakeSupernet;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SubnetScorerTest {

    /** Not in their natural order, and one of them twice. */
    private static final List<Architecture> SUBNETS = IntStream.of(7, 3, 9, 1, 3)
            .mapToObj(choice -> Architecture.of(choice, 2, 0))
            .toList();

    private final AtomicInteger scored = new AtomicInteger();

    @TempDir
    private Path directory;

    @Test
    void everySubnetsScoreIsTheSumOverTheBatches() {
        Dataset dataset = TestImages.dataset(directory, 46);
        ScoringBatches batches =
                new ScoringBatches(dataset.validation(), dataset.validation().size(), dataset.normalization(), 5);
        assertThat(batches.count()).isEqualTo(5);

        List<SubnetScore> scores = SubnetScorer.score(new FakeSupernet(), SUBNETS, batches, scored::incrementAndGet);

        assertThat(scored).hasValue(5);
        assertThat(scores).extracting(SubnetScore::architecture).isEqualTo(SUBNETS);
        for (SubnetScore score : scores) {
            double correct = 0;
            double correctInEven = 0;
            double loss = 0;
            for (int i = 0; i < batches.count(); i++) {
                Evaluation evaluation = FakeSupernet.evaluation(batches.batch(i), score.architecture());
                correct += evaluation.correct();
                correctInEven += i % 2 == 0 ? evaluation.correct() : 0;
                loss += evaluation.lossSum();
            }
            assertThat(score.evaluation().images()).isEqualTo(23);
            assertThat(score.evaluation().correct()).isEqualTo(correct).isPositive();
            assertThat(score.even().images()).isEqualTo(13); // of batches of 4, 5, 4, 5 and 5
            assertThat(score.odd().images()).isEqualTo(10);
            assertThat(score.even().correct()).isEqualTo(correctInEven).isBetween(1.0, correct - 1);
            assertThat(score.evaluation().lossSum()).isCloseTo(loss, within(1e-9));
        }
        assertThat(scores.get(4).evaluation()).isEqualTo(scores.get(1).evaluation());
        assertThat(scores.subList(0, 4))
                .extracting(score -> score.evaluation().lossSum())
                .doesNotHaveDuplicates();
    }

    @Test
    void oneBatchHasNoOtherHalf() {
        Dataset dataset = TestImages.dataset(directory, 8);
        ScoringBatches batches =
                new ScoringBatches(dataset.validation(), dataset.validation().size(), dataset.normalization(), 5);
        assertThat(batches.count()).isEqualTo(1);

        SubnetScore score = SubnetScorer.score(new FakeSupernet(), SUBNETS, batches, scored::incrementAndGet)
                .get(0);

        assertThat(score.odd()).isEqualTo(Evaluation.NONE);
        assertThat(score.evaluation()).isEqualTo(score.even());
    }

    @Test
    void noSubnetsHaveNoScores() {
        Dataset dataset = TestImages.dataset(directory, 8);
        ScoringBatches batches =
                new ScoringBatches(dataset.validation(), dataset.validation().size(), dataset.normalization(), 5);

        assertThat(SubnetScorer.score(new FakeSupernet(), List.of(), batches, scored::incrementAndGet))
                .isEmpty();
    }
}
