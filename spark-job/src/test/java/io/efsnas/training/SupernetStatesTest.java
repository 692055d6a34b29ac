package io.efsnas.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.efsnas.checkpoint.Checkpoint;
import io.efsnas.checkpoint.CheckpointStore;
import io.efsnas.checkpoint.RoundProgress;
import io.efsnas.network.Weight;
import io.efsnas.space.SpaceWeights;
import io.efsnas.space.nasbench201.NasBench201Space;
import io.efsnas.split.Splitter;
import io.efsnas.split.SupernetNode;
import io.efsnas.split.SupernetTree;
import io.efsnas.split.TestTrees;
import io.efsnas.split.count.CountSplitter;
import io.efsnas.supernet.SupernetState;
import io.efsnas.supernet.SupernetState.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SupernetStatesTest {

    private static final int SUPERNETS = 3;
    private static final NasBench201Space SPACE = new NasBench201Space();
    private static final Splitter SPLITTER = CountSplitter.even(SPACE, SUPERNETS);

    @TempDir
    private Path directory;

    private CheckpointStore store(SupernetNode node) {
        return new CheckpointStore(directory.toUri().toString(), node.describe(), 2, new Configuration());
    }

    private static SupernetTree independent() {
        return TestTrees.independent(SPACE, SPLITTER, 40, false);
    }

    private static SupernetTree sharingParts() {
        return TestTrees.independent(SPACE, SPLITTER, 40, true);
    }

    private static SupernetTree warmStart() {
        return TestTrees.warmStart(SPACE, SPLITTER, 10, 40);
    }

    private Optional<SupernetState> after(SupernetTree tree, String id, long step) throws IOException {
        return new SupernetStates(tree, this::store).after(tree.node(id), step).map(Checkpoint::state);
    }

    /** A state of random values, saved as the supernet's checkpoint of the step. */
    private SupernetState saved(SupernetTree tree, String id, long step) throws IOException {
        Random random = new Random(100 * step + id.hashCode());
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        for (Weight weight : SpaceWeights.of(SPACE, TestTrees.SIZE).all()) {
            for (String name : List.of(weight.name(), "momentum." + weight.name())) {
                float[] values = new float[weight.size()];
                for (int i = 0; i < values.length; i++) {
                    values[i] = (float) random.nextGaussian();
                }
                tensors.put(name, new Tensor(weight.shape(), values));
            }
        }
        SupernetState state = new SupernetState(tensors);
        store(tree.node(id)).save(new Checkpoint(state, Map.of(), RoundProgress.from(step)));
        return state;
    }

    private static void assertSame(Optional<SupernetState> actual, SupernetState expected) {
        assertThat(actual).get().usingRecursiveComparison().isEqualTo(expected);
    }

    @Test
    void independentSupernetsHaveTheirOwnCheckpoints() throws IOException {
        SupernetTree tree = independent();
        SupernetState first = saved(tree, "0", 10);
        SupernetState second = saved(tree, "1", 10);

        assertSame(after(tree, "0", 10), first);
        assertSame(after(tree, "1", 10), second);
        assertThat(after(tree, "1", 0)).isEmpty();
    }

    @Test
    void afterAWarmStartAllSupernetsAreCopiesOfIt() throws IOException {
        SupernetTree tree = warmStart();
        SupernetState early = saved(tree, "root", 15);
        SupernetState warm = saved(tree, "root", 30);
        SupernetState later = saved(tree, "2", 12);

        for (SupernetNode leaf : tree.leaves()) {
            assertSame(after(tree, leaf.id(), 10), warm);
        }
        assertSame(after(tree, "root", 15), early);
        assertSame(after(tree, "2", 12), later);
        assertThat(after(tree, "root", 0)).isEmpty();
    }

    /** Nothing is read of the warm start then. */
    @Test
    void afterARestartSupernetsBeginWithWeightsOfTheirOwn() throws IOException {
        SupernetTree tree = TestTrees.restarted(SPACE, SPLITTER, 10, 40);

        for (SupernetNode leaf : tree.leaves()) {
            assertThat(after(tree, leaf.id(), 10)).isEmpty();
        }
        SupernetState warm = saved(tree, "root", 30);
        SupernetState later = saved(tree, "2", 12);
        assertThat(after(tree, "2", 10)).isEmpty();
        assertSame(after(tree, "2", 12), later);
        assertSame(after(tree, "root", 30), warm);
    }

    /** In the first round siblings are what their parent was. */
    @Test
    void siblingsAreAsTheyWereAfterAsManyRoundsAndTheParentAsItWasAtItsEnd() throws IOException {
        SupernetTree tree = warmStart();
        SupernetState warm = saved(tree, "root", 30);
        SupernetState later = saved(tree, "2", 12);
        saved(tree, "2", 14);
        SupernetStates states = new SupernetStates(tree, this::store);
        SupernetNode first = tree.node("0");

        assertSame(states.parent(first), warm);
        assertThat(states.parent(tree.node("root"))).isEmpty();
        assertSame(Optional.of(states.sibling(tree.node("2"), first, 10)), warm);
        assertSame(Optional.of(states.sibling(tree.node("2"), first, 12)), later);
    }

    @Test
    void sharedPartsAreMeansAndTheRestIsTheSupernetsOwn() throws IOException {
        Set<String> shared = Set.of("stem", "reduction1", "reduction2", "classifier");
        SupernetTree tree = sharingParts();
        List<SupernetState> own = List.of(saved(tree, "0", 10), saved(tree, "1", 10), saved(tree, "2", 10));

        for (int supernet = 0; supernet < SUPERNETS; supernet++) {
            Map<String, Tensor> after =
                    after(tree, Integer.toString(supernet), 10).orElseThrow().tensors();

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
        SupernetTree tree = sharingParts();
        saved(tree, "0", 10);
        saved(tree, "1", 10);
        saved(tree, "2", 8);

        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> after(tree, "0", 10))
                .withMessageContaining("supernet-2/step-00000010.safetensors");
    }

    /** Which a child does not inherit, and which is never averaged. */
    @Test
    void whatASchemeRemembersIsTheSupernetsOwn() throws IOException {
        for (SupernetTree tree : List.of(warmStart(), sharingParts())) {
            for (SupernetNode node : tree.nodes()) {
                long step = node.lastStep();
                SupernetState state = saved(tree, node.id(), step);
                store(node).save(new Checkpoint(state, remembered(node.key()), RoundProgress.from(step)));
            }
            SupernetStates states = new SupernetStates(tree, this::store);
            for (SupernetNode node : tree.nodes()) {
                Checkpoint after = states.after(node, node.lastStep()).orElseThrow();

                assertThat(after.scheme()).usingRecursiveComparison().isEqualTo(remembered(node.key()));
                assertThat(after.round()).isEqualTo(RoundProgress.from(node.lastStep()));
            }
            for (SupernetNode leaf : tree.leaves()) {
                assertThat(states.after(leaf, leaf.firstStep()).map(Checkpoint::scheme))
                        .isEqualTo(leaf.parent().map(any -> Map.of()));
            }
        }
    }

    private static Map<String, Tensor> remembered(long value) {
        return Map.of("pool", new Tensor(List.of(1), new float[] {value}));
    }
}
