package io.efsnas.driver.config;

import java.util.Map;

/**
 * What is asked of the cluster.
 *
 * @param gpusPerSupernet GPUs for each supernet on executors that have any: 1, or above 0 to 0.5, the shares that Spark
 *     can schedule
 * @param stalledAfter seconds without a step after which a supernet is reported
 */
public record ClusterConfig(double gpusPerSupernet, int stalledAfter) {

    static ClusterConfig read(Section section) {
        return new ClusterConfig(
                section.number(
                        "gpus-per-supernet",
                        gpus -> gpus == 1 || (gpus > 0 && gpus <= 0.5),
                        "1, or a number above 0 and at most 0.5"),
                section.intAtLeast("stalled-after", 1));
    }

    Map<String, Object> toMap() {
        return Map.of("gpus-per-supernet", gpusPerSupernet, "stalled-after", stalledAfter);
    }
}
