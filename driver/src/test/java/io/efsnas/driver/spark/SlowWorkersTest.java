package io.efsnas.driver.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.efsnas.job.TaskPlace;
import io.efsnas.job.WorkerReport;
import java.util.List;
import org.junit.jupiter.api.Test;

class SlowWorkersTest {

    private static WorkerReport worker(int number, long steps, double seconds) {
        return new WorkerReport(number, new TaskPlace("host-" + number, "1", "gpu:0"), 0, 100, steps, seconds);
    }

    @Test
    void workerThatTakesLongerForAStepIsNamedWithItsHost() {
        assertThat(SlowWorkers.in(List.of(worker(0, 100, 10), worker(1, 50, 12.5), worker(2, 100, 11))))
                .containsExactly("worker 1 on gpu:0 of host-1 takes 2.3 times as long for a step as others,"
                        + " which wait for it");
    }

    @Test
    void ofTwoWorkersTheSlowOneIsNamed() {
        assertThat(SlowWorkers.in(List.of(worker(0, 100, 20), worker(1, 100, 10))))
                .singleElement()
                .asString()
                .startsWith("worker 0 ");
    }

    @Test
    void equalWorkersAreNotSlow() {
        assertThat(SlowWorkers.in(List.of(worker(0, 100, 10), worker(1, 100, 14))))
                .isEmpty();
    }
}
