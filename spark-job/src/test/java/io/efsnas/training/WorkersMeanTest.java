package io.efsnas.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.efsnas.checkpoint.Checkpoint;
import io.efsnas.checkpoint.RoundProgress;
import io.efsnas.supernet.Evaluation;
import io.efsnas.supernet.SupernetState;
import io.efsnas.supernet.SupernetState.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class WorkersMeanTest {

    private static final RoundProgress BEGUN = new RoundProgress(100, 120, new Evaluation(320, 80, 500), 2, 1, 0.5, 0);

    private static Tensor random(Random random) {
        float[] values = new float[6];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return new Tensor(List.of(2, 3), values);
    }

    private static Checkpoint share(Map<String, Tensor> tensors, long from, long to) {
        return new Checkpoint(
                new SupernetState(tensors),
                Map.of(),
                new RoundProgress(from, to, new Evaluation(16, 4, 30), 0.25, 0.125, 0, 0));
    }

    private static Checkpoint mean(Checkpoint... shares) {
        WorkersMean mean = new WorkersMean(BEGUN);
        for (Checkpoint share : shares) {
            mean.add(share);
        }
        return mean.mean();
    }

    @Test
    void valuesAreMeansAndAMomentumThatAWorkerLacksIsZero() {
        Random random = new Random(1);
        Tensor a = random(random);
        Tensor b = random(random);
        Tensor c = random(random);
        Tensor momentum = random(random);

        Checkpoint mean = mean(
                share(Map.of("w", a), 120, 123),
                share(new LinkedHashMap<>(Map.of("w", b, "momentum-2.w", momentum)), 123, 127),
                share(Map.of("w", c), 127, 130));

        for (int i = 0; i < 6; i++) {
            double exact = ((double) a.values()[i] + b.values()[i] + c.values()[i]) / 3;
            assertThat((double) mean.state().tensors().get("w").values()[i]).isCloseTo(exact, within(1e-7));
            assertThat((double) mean.state().tensors().get("momentum-2.w").values()[i])
                    .isCloseTo(momentum.values()[i] / 3.0, within(1e-7));
        }
        assertThat(mean.state().tensors()).hasSize(2).allSatisfy((name, tensor) -> assertThat(tensor.shape())
                .containsExactly(2, 3));
    }

    @Test
    void roundGoesOnByTheStepsOfAll() {
        Map<String, Tensor> any = Map.of("w", random(new Random(2)));

        RoundProgress round = mean(share(any, 120, 123), share(any, 123, 127)).round();

        assertThat(round).isEqualTo(new RoundProgress(100, 127, new Evaluation(352, 88, 560), 2.5, 1.25, 0.5, 0));
    }

    @Test
    void meanOfOneWorkerIsWhatItLearnedBitForBit() {
        Tensor tensor = random(new Random(3));

        Checkpoint mean = mean(share(Map.of("w", tensor), 120, 125));

        assertThat(mean.state().tensors().get("w").values()).isEqualTo(tensor.values());
    }

    @Test
    void whatASchemeRemembersHasNoMean() {
        Map<String, Tensor> tensors = Map.of("w", random(new Random(4)));
        Checkpoint remembers = new Checkpoint(new SupernetState(tensors), Map.of("pool", tensors.get("w")), BEGUN);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> mean(remembers))
                .withMessageContaining("remembers pool")
                .withMessageContaining("training.workers = 1");
    }
}
