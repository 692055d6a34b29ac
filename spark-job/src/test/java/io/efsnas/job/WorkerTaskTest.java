package io.efsnas.job;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class WorkerTaskTest {

    @Property
    void workersTakeAllStepsOnceAndEvenly(
            @ForAll @IntRange(min = 1, max = 70) int workers,
            @ForAll @IntRange(min = 0, max = 5000) int further,
            @ForAll @IntRange(min = 0, max = 1000) int from) {
        RoundTask round = new RoundTask("root", 0, 0, 10_000);
        long to = from + workers + further;

        long step = from;
        for (int worker = 0; worker < workers; worker++) {
            WorkerTask task = new WorkerTask(round, from, to, worker, workers);
            assertThat(task.firstStep()).isEqualTo(step);
            assertThat(task.endStep() - task.firstStep()).isBetween((to - from) / workers, (to - from) / workers + 1);
            step = task.endStep();
        }
        assertThat(step).isEqualTo(to);
    }
}
