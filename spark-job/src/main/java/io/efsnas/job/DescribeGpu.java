package io.efsnas.job;

import io.efsnas.supernet.Engine;
import io.efsnas.supernet.EngineNames;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.resource.ResourceProfile;

/** Describes the GPU that was assigned to a task, on the executor that runs it: the driver may have none. */
public final class DescribeGpu implements Function<Integer, GpuDescription> {

    private static final long serialVersionUID = 1;

    private DescribeGpu() {}

    /**
     * The GPU of some executor; empty if its machine cannot tell.
     *
     * @param gpus what a task asks for to be assigned one; empty on embedded Spark, whose first GPU it is then
     */
    public static Optional<GpuDescription> ofAnExecutor(JavaSparkContext spark, Optional<ResourceProfile> gpus) {
        if (gpus.isEmpty()) {
            return describe(TaskPlace.FIRST_GPU);
        }
        return Optional.ofNullable(spark.parallelize(List.of(0), 1)
                .withResources(gpus.get())
                .map(new DescribeGpu())
                .collect()
                .get(0));
    }

    /** The description, or null: it goes back to the driver. */
    @Override
    public GpuDescription call(Integer any) {
        return TaskPlace.assignedGpu().flatMap(DescribeGpu::describe).orElse(null);
    }

    private static Optional<GpuDescription> describe(String address) {
        try {
            Process query = new ProcessBuilder(
                            "nvidia-smi", "--query-gpu=name,compute_cap", "--format=csv,noheader", "--id=" + address)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String line = new String(query.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return GpuDescription.parse(
                    line, Engine.named(EngineNames.CUDA).missing().isEmpty());
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
