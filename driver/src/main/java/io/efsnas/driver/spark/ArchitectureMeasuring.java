package io.efsnas.driver.spark;

import io.efsnas.job.MeasureArchitectures;
import io.efsnas.job.MeasureReport;
import io.efsnas.job.MeasureTask;
import io.efsnas.job.MeasuringJob;
import io.efsnas.measure.Measured;
import io.efsnas.space.Architecture;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.resource.ResourceProfile;

/** Measures architectures on all executors. */
public final class ArchitectureMeasuring {

    /** Architectures of a task: enough to share a supernet, few enough to keep all devices busy to the end. */
    private static final int MOST_OF_A_TASK = 64;

    private static final int TASKS_PER_SLOT = 4;

    private final JavaSparkContext spark;
    private final String tag;
    private final Optional<ResourceProfile> profile;

    /**
     * @param tag the tag of the Spark job
     * @param profile what a task requests from Spark; empty for Spark's default
     */
    public ArchitectureMeasuring(JavaSparkContext spark, String tag, Optional<ResourceProfile> profile) {
        this.spark = spark;
        this.tag = tag;
        this.profile = profile;
    }

    /**
     * Measures architectures, in their order.
     *
     * @throws JobException if a task fails for good
     */
    public List<Measured> measure(MeasuringJob job, List<Architecture> architectures) {
        List<MeasureTask> tasks = tasks(architectures);
        String work = "measuring " + architectures.size() + " architectures";
        try (JobLabel label = new JobLabel(spark, tag, "efsnas-measuring", work)) {
            JavaRDD<MeasureTask> input = spark.parallelize(tasks, tasks.size());
            List<MeasureReport> reports = profile.map(input::withResources)
                    .orElse(input)
                    .map(new MeasureArchitectures(job))
                    .collect();
            return reports.stream()
                    .flatMap(report -> report.measured().stream())
                    .toList();
        } catch (Exception e) { // Spark's are checked, and declared nowhere
            throw new JobException(work, e, spark);
        }
    }

    private List<MeasureTask> tasks(List<Architecture> architectures) {
        int slots = Slots.of(spark, profile);
        int each = Math.max(1, Math.min(MOST_OF_A_TASK, architectures.size() / (slots * TASKS_PER_SLOT)));
        List<MeasureTask> tasks = new ArrayList<>();
        for (int from = 0; from < architectures.size(); from += each) {
            tasks.add(new MeasureTask(
                    List.copyOf(architectures.subList(from, Math.min(architectures.size(), from + each)))));
        }
        return tasks;
    }
}
