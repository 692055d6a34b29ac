package io.efsnas.driver.spark;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class JobExceptionTest {

    private static String told(String message) {
        return new JobException("round 1", new IllegalStateException(message)).getMessage();
    }

    @Test
    void saysWhatToRaiseWhenAnExecutorHadTooLittleMemory() {
        assertThat(told(
                        "Job aborted due to stage failure: Task 0 in stage 1.0 failed 4 times, most recent failure: Lost task"
                                + " 0.3 in stage 1.0 (TID 7) (host executor 3): ExecutorLostFailure (executor 3 exited caused by"
                                + " one of the running tasks) Reason: Command exited with code 52"))
                .startsWith("round 1 failed 4 times, last on host: ExecutorLostFailure ")
                .contains("too little memory: raise spark.executor.memory");
    }

    @Test
    void doesNotGuessAtMemory() {
        assertThat(told(
                        "Job aborted due to stage failure: Task 0 in stage 1.0 failed 4 times, most recent failure: Lost task"
                                + " 0.3 in stage 1.0 (TID 7) (host executor 3): java.io.IOException: no space 52"))
                .isEqualTo("round 1 failed 4 times, last on host: no space 52");
    }

    @Test
    void saysThatSparkHasStopped() {
        assertThat(told("Job 3 cancelled because SparkContext was shut down"))
                .isEqualTo(
                        "round 1 failed: Spark has stopped: its master is gone, or has given up on executors that could not"
                                + " start; the master's and workers' logs say why");
    }
}
