package io.efsnas.driver.spark;

import io.efsnas.job.ProbeReport;
import io.efsnas.job.ProbeSupernet;
import io.efsnas.job.ProbeTask;
import io.efsnas.job.SearchJob;
import io.efsnas.job.SharedJob;
import io.efsnas.split.Evidence;
import io.efsnas.split.Probe;
import io.efsnas.split.SupernetNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.resource.ResourceProfile;

/**
 * Measures trained supernets on executors, so that they can be split. As many tasks as can run at a time share the batches;
 * what they measured is added up batch by batch, so that their number decides nothing.
 */
public final class SupernetProbing {

    private final JavaSparkContext spark;
    private final SearchJob job;
    private final Optional<ResourceProfile> profile;

    /**
     * @param profile what a supernet task requests from Spark; empty for Spark's default
     */
    public SupernetProbing(JavaSparkContext spark, SearchJob job, Optional<ResourceProfile> profile) {
        this.spark = spark;
        this.job = job;
        this.profile = profile;
    }

    /**
     * Measures supernets at the same time.
     *
     * @return what a probe found of each of them, in their order
     * @throws JobException if a task fails for good
     */
    public List<Evidence> measure(List<SupernetNode> nodes, Probe probe) {
        String work = "measuring " + nodes.stream().map(SupernetNode::describe).collect(Collectors.joining(", "))
                + " for their splits";
        List<ProbeTask> tasks = tasks(nodes, probe.batches(), Slots.of(spark, profile));
        try (JobLabel label = new JobLabel(spark, job.id(), "efsnas-split", work)) {
            JavaRDD<ProbeTask> input = spark.parallelize(tasks, tasks.size());
            List<ProbeReport> reports = profile.map(input::withResources)
                    .orElse(input)
                    .map(new ProbeSupernet(new SharedJob(spark, job), probe))
                    .collect();
            return nodes.stream()
                    .map(node -> probe.conclude(node, mean(node, reports)))
                    .toList();
        } catch (Exception e) { // Spark's are checked, and declared nowhere
            throw new JobException(work, e, spark);
        }
    }

    /** Of all batches of a supernet, in their order. */
    private static Evidence mean(SupernetNode node, List<ProbeReport> reports) {
        return Evidence.mean(reports.stream()
                .filter(report -> report.node().equals(node.id()))
                .flatMap(report -> report.ofBatches().stream())
                .toList());
    }

    /**
     * The batches of each supernet, in about equal shares.
     *
     * @param slots how many tasks run at a time
     */
    static List<ProbeTask> tasks(List<SupernetNode> nodes, int batches, int slots) {
        int shares = Math.min(batches, (slots + nodes.size() - 1) / nodes.size());
        List<ProbeTask> tasks = new ArrayList<>();
        for (SupernetNode node : nodes) {
            for (int share = 0; share < shares; share++) {
                tasks.add(new ProbeTask(node.id(), start(share, shares, batches), start(share + 1, shares, batches)));
            }
        }
        return tasks;
    }

    private static int start(int share, int shares, int batches) {
        return (int) ((long) batches * share / shares);
    }
}
