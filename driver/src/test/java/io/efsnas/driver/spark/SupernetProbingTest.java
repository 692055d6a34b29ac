package io.efsnas.driver.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.efsnas.job.ProbeTask;
import io.efsnas.network.ModelSize;
import io.efsnas.network.Shape;
import io.efsnas.space.nasbench201.NasBench201Space;
import io.efsnas.split.MaskSubspace;
import io.efsnas.split.Phase;
import io.efsnas.split.SupernetNode;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class SupernetProbingTest {

    private static List<SupernetNode> nodes(int count) {
        MaskSubspace whole = MaskSubspace.whole(new NasBench201Space());
        ModelSize size = new ModelSize(2, 1, new Shape(1, 8, 8), 4);
        return IntStream.range(0, count)
                .mapToObj(part -> SupernetNode.independent(part, whole, size, new Phase(0, 1, 0, 5, false)))
                .toList();
    }

    @Property(tries = 100)
    void everyBatchOfEverySupernetIsInOneTask(
            @ForAll @IntRange(min = 1, max = 9) int supernets,
            @ForAll @IntRange(min = 1, max = 120) int batches,
            @ForAll @IntRange(min = 1, max = 40) int slots) {
        List<ProbeTask> tasks = SupernetProbing.tasks(nodes(supernets), batches, slots);

        for (SupernetNode node : nodes(supernets)) {
            assertThat(tasks.stream()
                            .filter(task -> task.node().equals(node.id()))
                            .flatMapToInt(task -> IntStream.range(task.fromBatch(), task.toBatch()))
                            .boxed())
                    .containsExactlyElementsOf(
                            IntStream.range(0, batches).boxed().toList());
        }
        assertThat(tasks).allMatch(task -> task.fromBatch() < task.toBatch());
        assertThat(tasks).hasSizeGreaterThanOrEqualTo(Math.min(slots, supernets * batches));
    }

    @Test
    void twoSupernetsShareFourSlots() {
        assertThat(SupernetProbing.tasks(nodes(2), 5, 4))
                .containsExactly(
                        new ProbeTask("0", 0, 2),
                        new ProbeTask("0", 2, 5),
                        new ProbeTask("1", 0, 2),
                        new ProbeTask("1", 2, 5));
    }
}
