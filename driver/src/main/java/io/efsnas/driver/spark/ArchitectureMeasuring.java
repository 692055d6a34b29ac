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
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.resource.ResourceProfile;

/**
 * Measures architectures on all executors. A Spark job measures some of them; all jobs are begun at once, so that no device
 * waits between them.
 */
public final class ArchitectureMeasuring {

    /** Architectures of a task: enough to share a supernet, few enough to keep all devices busy to the end. */
    private static final int MOST_OF_A_TASK = 64;

    private static final int TASKS_PER_SLOT = 4;

    /** About how many parts the values come in. */
    private static final int PARTS = 20;

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
     * Measures architectures.
     *
     * @param made is told of what has been measured, job by job
     * @return where, by which engine and device, if a measure depends on them
     * @throws JobException if a task fails for good
     */
    public SortedSet<String> measure(
            MeasuringJob job, List<Architecture> architectures, Consumer<List<Measured>> made) {
        return measured(begin(job, tasks(architectures)), made);
    }

    /** The same in a single task, beside which no other one runs. */
    public SortedSet<String> measureInOneTask(
            MeasuringJob job, List<Architecture> architectures, Consumer<List<Measured>> made) {
        return measured(begin(job, List.of(new MeasureTask(List.copyOf(architectures)))), made);
    }

    private static SortedSet<String> measured(List<StartedJob<MeasureReport>> parts, Consumer<List<Measured>> made) {
        SortedSet<String> machines = new TreeSet<>();
        try {
            for (StartedJob<MeasureReport> part : parts) {
                List<MeasureReport> reports = part.await();
                reports.stream()
                        .map(MeasureReport::machine)
                        .filter(any -> !any.isEmpty())
                        .forEach(machines::add);
                made.accept(reports.stream()
                        .flatMap(report -> report.measured().stream())
                        .toList());
            }
            return machines;
        } finally {
            parts.forEach(StartedJob::cancel); // the rest, if one has failed
        }
    }

    private List<StartedJob<MeasureReport>> begin(MeasuringJob job, List<MeasureTask> tasks) {
        int most = 1 + tasks.size() / PARTS;
        List<StartedJob<MeasureReport>> parts = new ArrayList<>();
        for (int from = 0; from < tasks.size(); from += most) {
            List<MeasureTask> part = List.copyOf(tasks.subList(from, Math.min(tasks.size(), from + most)));
            String work = "measuring architectures, part " + (parts.size() + 1);
            try (JobLabel label = new JobLabel(spark, tag, "efsnas-measuring", work)) {
                JavaRDD<MeasureTask> input = spark.parallelize(part, part.size());
                parts.add(new StartedJob<>(
                        work,
                        profile.map(input::withResources)
                                .orElse(input)
                                .map(new MeasureArchitectures(job))
                                .collectAsync(),
                        spark));
            }
        }
        return parts;
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
