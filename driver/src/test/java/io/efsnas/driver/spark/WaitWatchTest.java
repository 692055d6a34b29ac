package io.efsnas.driver.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.efsnas.driver.process.LongWait;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.spark.SparkConf;
import org.apache.spark.scheduler.JobSucceeded$;
import org.apache.spark.scheduler.SparkListenerJobEnd;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.scheduler.SparkListenerTaskStart;
import org.apache.spark.scheduler.StageInfo;
import org.apache.spark.scheduler.TaskInfo;
import org.apache.spark.scheduler.TaskLocality;
import org.junit.jupiter.api.Test;
import scala.collection.JavaConverters;
import scala.collection.Seq;

class WaitWatchTest {

    private static final Seq<StageInfo> NO_STAGES =
            JavaConverters.asScalaBuffer(List.<StageInfo>of()).toSeq();

    private final AtomicLong time = new AtomicLong();
    private final WaitWatch.Waiting waiting = new WaitWatch.Waiting(time::get);

    private void pass(Duration duration) {
        time.addAndGet(duration.toNanos());
    }

    private void jobStarts(int job) {
        Properties properties = new Properties();
        properties.setProperty("spark.job.description", "training: round 1");
        waiting.onJobStart(new SparkListenerJobStart(job, 0, NO_STAGES, properties));
    }

    @Test
    void saysOnceAndAgainAfterAWhileWhatWaits() {
        assertThat(waiting.tooLong()).isEmpty();
        pass(Duration.ofHours(1));
        jobStarts(0);
        assertThat(waiting.tooLong()).isEmpty();
        pass(LongWait.SILENCE);
        assertThat(waiting.tooLong()).contains("training: round 1");
        pass(Duration.ofSeconds(1));
        assertThat(waiting.tooLong()).isEmpty();
        jobStarts(1);
        pass(Duration.ofMinutes(5));
        assertThat(waiting.tooLong()).contains("training: round 1 and 1 more");
    }

    @Test
    void aRunningTaskAndAnEndedJobDoNotWait() {
        jobStarts(0);
        waiting.onTaskStart(
                new SparkListenerTaskStart(0, 0, new TaskInfo(7, 0, 0, 0, 0, "1", "host", TaskLocality.ANY(), false)));
        pass(Duration.ofHours(1));
        assertThat(waiting.tooLong()).isEmpty();

        waiting.onJobEnd(new SparkListenerJobEnd(0, 0, JobSucceeded$.MODULE$));
        assertThat(waiting.tooLong()).isEmpty();
    }

    @Test
    void saysWhatAClusterMayLack() {
        SparkConf conf =
                new SparkConf(false).set("spark.master", "spark://host:7077").set("spark.executor.memory", "4g");

        assertThat(WaitWatch.reason(conf, 0))
                .startsWith("no executor has started at spark://host:7077; each asks for all cores, 4g of memory (")
                .doesNotContain("GPU");
        conf.set("spark.executor.resource.gpu.amount", "1");
        assertThat(WaitWatch.reason(conf, 0)).contains("and 1 GPU(s)", "spark.worker.resource.gpu.amount");
        assertThat(WaitWatch.reason(conf, 2))
                .startsWith("none of the 2 executors")
                .contains("its share of a GPU");
        assertThat(WaitWatch.reason(conf.set("spark.master", "local[2]"), 0)).startsWith("embedded Spark runs no task");
        assertThat(WaitWatch.reason(conf.set("spark.master", "local-cluster[2,1,1024]"), 2))
                .startsWith("none of the 2 executors");
    }
}
