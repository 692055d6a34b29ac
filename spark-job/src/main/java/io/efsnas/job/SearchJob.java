package io.efsnas.job;

import io.efsnas.data.DatasetSpec;
import io.efsnas.space.KeyedRandom;
import io.efsnas.space.KeyedRandom.Purpose;
import io.efsnas.space.NetworkSize;
import io.efsnas.space.Partition;
import io.efsnas.supernet.SupernetSpec;
import io.efsnas.training.TrainingPlan;
import java.io.Serializable;
import java.util.List;
import org.apache.spark.util.SerializableConfiguration;

/**
 * What every task of a search needs to know.
 *
 * @param id tells this search from others on the same executors
 * @param sizes the network size of each subspace's supernet
 * @param engine the name of the engine that computes
 * @param threads that a task computes with
 * @param data where the images are
 * @param fingerprint of the data as the driver read it; an executor that reads other data refuses the task
 * @param checkpoints the directory of all checkpoints
 * @param keepCheckpoints how many stay for each supernet
 */
public record SearchJob(
        String id,
        Partition partition,
        List<NetworkSize> sizes,
        SupernetSpec.Optimizer optimizer,
        TrainingPlan plan,
        String engine,
        int threads,
        DatasetSpec data,
        String fingerprint,
        String checkpoints,
        int keepCheckpoints,
        SerializableConfiguration hadoop)
        implements Serializable {

    ImageSource images() {
        return new ImageSource(data, fingerprint, hadoop);
    }

    /** What the supernet of a subspace is made from; each has initial weights of its own. */
    SupernetSpec spec(int supernet, int batch) {
        return new SupernetSpec(
                partition.space(),
                sizes.get(supernet),
                optimizer,
                batch,
                KeyedRandom.of(plan.seed(), Purpose.INITIAL_WEIGHTS, supernet).nextLong());
    }
}
