package io.efsnas.driver.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.apache.spark.Success$;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.junit.jupiter.api.Test;
import scala.collection.JavaConverters;

class TaskEndsTest {

    private static final int STAGE = 3;

    private final List<Integer> told = new ArrayList<>();
    private final TaskEnds ends = started(new TaskEnds("tag", 3, told::add));

    /** The stage of a tagged job has begun. */
    private static TaskEnds started(TaskEnds ends) {
        Properties properties = new Properties();
        properties.setProperty("spark.job.tags", "tag");
        ends.onJobStart(
                new SparkListenerJobStart(
                        1,
                        0,
                        JavaConverters.asScalaBuffer(List.<org.apache.spark.scheduler.StageInfo>of()),
                        properties) {
                    @Override
                    public scala.collection.Seq<Object> stageIds() {
                        return JavaConverters.asScalaBuffer(List.<Object>of(STAGE));
                    }
                });
        return ends;
    }

    private void taskEnds() {
        ends.onTaskEnd(new SparkListenerTaskEnd(STAGE, 0, "ResultTask", Success$.MODULE$, null, null, null));
    }

    @Test
    void tellsOfAllTasksOnceAlsoIfSparkTellsOfTheLastOnesLate() {
        taskEnds();
        ends.allEnded();
        taskEnds();
        ends.allEnded();

        assertThat(told).containsExactly(1, 3);
    }

    @Test
    void tellsOfEachTaskThatSparkTellsOf() {
        taskEnds();
        taskEnds();
        taskEnds();
        ends.allEnded();

        assertThat(told).containsExactly(1, 2, 3);
    }
}
