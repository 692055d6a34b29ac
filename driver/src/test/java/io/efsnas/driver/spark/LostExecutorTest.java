package io.efsnas.driver.spark;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LostExecutorTest {

    private static final String LOST =
            "ExecutorLostFailure (executor 3 exited caused by one of the running tasks) Reason: ";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Command exited with code 90",
                "Container from a bad node: container_1_0001_01_000002 on host: a. Exit status: 90. Diagnostics: ...",
                "The executor with id 3 exited with exit code 90(unexpected).",
            })
    void explainsTheStatusOfAnExecutorThatLostItsDevice(String reason) {
        assertThat(LostExecutor.explained(LOST + reason))
                .isEqualTo(LOST + reason + ": the executor had lost its GPU; its log names the error");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Command exited with code 137",
                "Executor heartbeat timed out after 900 ms",
                "Command exited with code 901"
            })
    void leavesOtherLossesAsTheyAre(String reason) {
        assertThat(LostExecutor.explained(LOST + reason)).isEqualTo(LOST + reason);
    }
}
