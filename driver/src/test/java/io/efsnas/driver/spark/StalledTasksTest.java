package io.efsnas.driver.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.efsnas.job.TrainRound;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.spark.Success$;
import org.apache.spark.executor.ExecutorMetrics;
import org.apache.spark.scheduler.AccumulableInfo;
import org.apache.spark.scheduler.SparkListenerExecutorMetricsUpdate;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.scheduler.SparkListenerTaskStart;
import org.apache.spark.scheduler.StageInfo;
import org.apache.spark.scheduler.TaskInfo;
import org.apache.spark.scheduler.TaskLocality;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import scala.Option;
import scala.Tuple4;
import scala.collection.JavaConverters;
import scala.collection.Seq;
import scala.collection.immutable.Map$;

class StalledTasksTest {

    private static final int STAGE = 4;
    private static final long TASK = 17;

    private final AtomicLong seconds = new AtomicLong(1000);
    private final StalledTasks tasks =
            new StalledTasks("search-1", Duration.ofSeconds(60), () -> Duration.ofSeconds(seconds.get())
                    .toNanos());

    @BeforeEach
    void startTask() {
        Properties properties = new Properties();
        properties.setProperty("spark.job.description", "round 2 of 6 of supernet 1");
        properties.setProperty("spark.job.tags", "mine,search-1");
        StageInfo stage = new StageInfo(STAGE, 0, "", 1, seq(), seq(), "", null, seq(), Option.empty(), 0, false, 0);
        tasks.onJobStart(new SparkListenerJobStart(0, 0, seq(stage), properties));
        tasks.onTaskStart(new SparkListenerTaskStart(STAGE, 0, task()));
    }

    private static TaskInfo task() {
        return new TaskInfo(TASK, 0, 0, 0, 0, "3", "node-7", TaskLocality.ANY(), false);
    }

    @SafeVarargs
    @SuppressWarnings("varargs")
    private static <T> Seq<T> seq(T... elements) {
        return JavaConverters.asScalaBuffer(List.of(elements)).toList();
    }

    private void heartbeat(long step) {
        AccumulableInfo steps = new AccumulableInfo(
                1, Option.apply(TrainRound.STEP), Option.apply(step), Option.empty(), false, true, Option.empty());
        tasks.onExecutorMetricsUpdate(new SparkListenerExecutorMetricsUpdate(
                "3", seq(new Tuple4<>(TASK, STAGE, 0, seq(steps))), Map$.MODULE$.empty()));
    }

    private List<String> stalledAfter(long more) {
        seconds.addAndGet(more);
        return tasks.stalled();
    }

    @Test
    void tellsOnceOfATaskThatDoesNotBegin() {
        assertThat(stalledAfter(59)).isEmpty();
        assertThat(stalledAfter(1))
                .containsExactly("round 2 of 6 of supernet 1 on node-7 has made no progress for 60 seconds");
        assertThat(stalledAfter(1000)).isEmpty();
    }

    @Test
    void namesTheStepAtWhichATaskStoppedAndTellsAgainAfterItWentOn() {
        stalledAfter(59);
        heartbeat(120);
        assertThat(stalledAfter(59)).isEmpty();
        heartbeat(120);
        assertThat(stalledAfter(1))
                .containsExactly("round 2 of 6 of supernet 1, step 120, on node-7 has made no progress for 60 seconds");
        heartbeat(121);
        assertThat(stalledAfter(59)).isEmpty();
        assertThat(stalledAfter(1)).singleElement().asString().contains("step 121,");
    }

    @Test
    void taskThatHasEndedIsForgotten() {
        tasks.onTaskEnd(new SparkListenerTaskEnd(STAGE, 0, "", Success$.MODULE$, task(), new ExecutorMetrics(), null));

        assertThat(stalledAfter(1000)).isEmpty();
    }
}
