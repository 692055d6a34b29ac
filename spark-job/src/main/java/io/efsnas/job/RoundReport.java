package io.efsnas.job;

import com.esotericsoftware.kryo.DefaultSerializer;
import com.esotericsoftware.kryo.serializers.JavaSerializer;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.efsnas.training.RoundMetrics;
import java.io.Serializable;
import java.util.List;

/**
 * What came of a round.
 *
 * @param begun when, in milliseconds since 1970 by the clock of the executor's host
 * @param restored whether the supernet came from a checkpoint, not from the executor's memory
 * @param preparationSeconds spent before the first step: reading images, making the supernet, reading its checkpoint
 * @param deviceShare the part of the device that the task was assigned, above 0 to 1; 0 in the files of versions that did
 *     not record it
 * @param workers what each of several workers did on each device, if several trained the supernet; seconds above are then
 *     those of all, and the place that of the first one
 */
@DefaultSerializer(JavaSerializer.class)
public record RoundReport(
        int round,
        long begun,
        RoundMetrics metrics,
        TaskPlace place,
        String engine,
        int threads,
        boolean restored,
        double preparationSeconds,
        double deviceShare,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<WorkerReport> workers)
        implements Serializable {

    public RoundReport {
        workers = workers == null ? List.of() : List.copyOf(workers); // it is not in the files of former versions
    }

    /** What the round took in all. */
    public double seconds() {
        return preparationSeconds + metrics.trainingSeconds() + metrics.dataSeconds() + metrics.checkpointSeconds();
    }
}
