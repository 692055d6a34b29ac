package io.efsnas.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.efsnas.checkpoint.Checkpoint;
import io.efsnas.checkpoint.CheckpointStore;
import io.efsnas.checkpoint.RoundProgress;
import io.efsnas.checkpoint.SupernetIndex;
import io.efsnas.data.Augmentation;
import io.efsnas.network.ModelSize;
import io.efsnas.network.Shape;
import io.efsnas.network.Weight;
import io.efsnas.space.SpaceWeights;
import io.efsnas.space.nasbench201.NasBench201Space;
import io.efsnas.supernet.SupernetState;
import io.efsnas.supernet.SupernetState.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SupernetStatesTest {

    private static final int SUPERNETS = 3;
    private static final ModelSize SIZE = new ModelSize(2, 1, new Shape(1, 8, 8), 4);
    private static final NasBench201Space SPACE = new NasBench201Space();

    @TempDir
    private Path directory;

    private CheckpointStore store(int supernet) {
        return new CheckpointStore(directory.toUri().toString(), supernet, 2, new Configuration());
    }

    private SupernetStates states(long warmStartSteps, boolean sharedParts) {
        TrainingPlan plan = new TrainingPlan(40, warmStartSteps, sharedParts, 1, 8, 0.1, 0.001, Augmentation.NONE, 5);
        return new SupernetStates(plan, SUPERNETS, SpaceWeights.of(SPACE, SIZE).common(), this::store);
    }

    /** A state of random values, saved as the supernet's checkpoint of the step. */
    private SupernetState saved(int supernet, long step) throws IOException {
        Random random = new Random(100 * step + supernet);
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        for (Weight weight : SpaceWeights.of(SPACE, SIZE).all()) {
            for (String name : List.of(weight.name(), "momentum." + weight.name())) {
                float[] values = new float[weight.size()];
                for (int i = 0; i < values.length; i++) {
                    values[i] = (float) random.nextGaussian();
                }
                tensors.put(name, new Tensor(weight.shape(), values));
            }
        }
        SupernetState state = new SupernetState(tensors);
        store(supernet).save(new Checkpoint(state, RoundProgress.from(step)));
        return state;
    }

    private static void assertSame(SupernetState actual, SupernetState expected) {
        assertThat(actual).usingRecursiveComparison().isEqualTo(expected);
    }

    @Test
    void independentSupernetsHaveTheirOwnCheckpoints() throws IOException {
        SupernetState first = saved(0, 10);
        SupernetState second = saved(1, 10);

        assertSame(states(0, false).after(0, 10), first);
        assertSame(states(0, false).after(1, 10), second);
    }

    @Test
    void afterAWarmStartAllSupernetsAreCopiesOfIt() throws IOException {
        SupernetState early = saved(SupernetIndex.WARM_START, 15);
        SupernetState warm = saved(SupernetIndex.WARM_START, 30);
        SupernetState later = saved(2, 12);
        SupernetStates states = states(10, false);

        for (int supernet = 0; supernet < SUPERNETS; supernet++) {
            assertSame(states.after(supernet, 10), warm);
        }
        assertSame(states.after(SupernetIndex.WARM_START, 15), early);
        assertSame(states.after(2, 12), later);
    }

    @Test
    void sharedPartsAreMeansAndTheRestIsTheSupernetsOwn() throws IOException {
        Set<String> shared = Set.of("stem", "reduction1", "reduction2", "classifier");
        List<SupernetState> own = List.of(saved(0, 10), saved(1, 10), saved(2, 10));

        for (int supernet = 0; supernet < SUPERNETS; supernet++) {
            Map<String, Tensor> after = states(0, true).after(supernet, 10).tensors();

            assertThat(after.keySet())
                    .containsExactlyElementsOf(own.get(supernet).tensors().keySet());
            int averaged = 0;
            for (String name : after.keySet()) {
                float[] values = after.get(name).values();
                float[] expected =
                        own.get(supernet).tensors().get(name).values().clone();
                if (shared.contains(name.replace("momentum.", "").split("\\.")[0])) {
                    averaged++;
                    for (int i = 0; i < expected.length; i++) {
                        double sum = 0;
                        for (SupernetState state : own) {
                            sum += state.tensors().get(name).values()[i];
                        }
                        expected[i] = (float) (sum / 3);
                    }
                }
                assertThat(values).as(name).containsExactly(expected);
            }
            // The stem, three convolutions of each reduction, the classifier and its bias, each with its momentum.
            assertThat(averaged).isEqualTo(2 * (1 + 2 * 3 + 2));
        }
    }

    @Test
    void sharedPartsNeedTheCheckpointsOfAllSupernets() throws IOException {
        saved(0, 10);
        saved(1, 10);
        saved(2, 8);

        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> states(0, true).after(0, 10))
                .withMessageContaining("supernet-2/step-00000010.safetensors");
    }
}
