package io.efsnas.job;

import io.efsnas.checkpoint.CheckpointStore;
import io.efsnas.checkpoint.SupernetIndex;
import io.efsnas.data.DatasetSpec;
import io.efsnas.network.ModelSize;
import io.efsnas.random.KeyedRandom;
import io.efsnas.random.KeyedRandom.Purpose;
import io.efsnas.space.SpaceWeights;
import io.efsnas.split.Partition;
import io.efsnas.supernet.Device;
import io.efsnas.supernet.Engine;
import io.efsnas.supernet.Precision;
import io.efsnas.supernet.Resources;
import io.efsnas.supernet.SupernetSpec;
import io.efsnas.training.SupernetStates;
import io.efsnas.training.TrainingException;
import io.efsnas.training.TrainingPlan;
import java.io.Serializable;
import java.util.List;
import java.util.Optional;
import org.apache.spark.util.SerializableConfiguration;

/**
 * What every task of a search needs to know.
 *
 * @param id tells this search from others on the same executors, and is that of its lease of the run directory
 * @param sizes the network size of each subspace's supernet
 * @param engine the name of the engine that computes
 * @param threads that a task computes with
 * @param gpuShare the part of a GPU that a supernet has, above 0 to 1
 * @param precision in which supernets compute
 * @param build of the engine, whose bits all rounds have to have; empty if any will do
 * @param data where the images are
 * @param fingerprint of the data as the driver read it; an executor that reads other data refuses the task
 * @param checkpoints the directory of all checkpoints
 * @param keepCheckpoints how many stay for each supernet
 * @param checkpointSteps after how many steps each one is written within a round; 0 for none
 */
public record SearchJob(
        String id,
        Partition partition,
        List<ModelSize> sizes,
        SupernetSpec.Optimizer optimizer,
        TrainingPlan plan,
        String engine,
        int threads,
        double gpuShare,
        Precision precision,
        String build,
        DatasetSpec data,
        String fingerprint,
        String checkpoints,
        int keepCheckpoints,
        long checkpointSteps,
        SerializableConfiguration hadoop)
        implements Serializable {

    ImageSource images() {
        return new ImageSource(data, fingerprint, hadoop);
    }

    /**
     * What a supernet is made from. Each has initial weights of its own, unless parts are shared: then all begin equal,
     * as means of unequal ones would be weights of another scale.
     */
    SupernetSpec spec(int supernet, int batch) {
        int weights = plan.sharedParts() ? 0 : supernet;
        return new SupernetSpec(
                partition.space(),
                size(supernet),
                optimizer,
                batch,
                KeyedRandom.of(plan.seed(), Purpose.INITIAL_WEIGHTS, weights).nextLong());
    }

    /** The part of a device that a task has: CPUs are never shared. */
    double share(Device device) {
        return device.gpu().isPresent() ? gpuShare : 1;
    }

    Resources resources(Device device) {
        return new Resources(threads, device, gpuShare, precision);
    }

    /**
     * Makes sure that a supernet is trained here with the bits that it began with.
     *
     * @throws TrainingException naming both builds if it would not be
     */
    void requireBuild(int supernet, Device device) {
        Engine here = Engine.named(engine);
        if (!build.isEmpty() && !here.repeats(build, threads, device, threads)) {
            throw new TrainingException(SupernetIndex.describe(supernet) + ": the search was trained with " + build
                    + ", and this executor has " + here.description(device)
                    + ", which gives other bits; use executors like those before, or allow it by"
                    + " --allow-engine-change");
        }
    }

    private ModelSize size(int supernet) {
        // All have one size where they share a warm start.
        return sizes.get(supernet == SupernetIndex.WARM_START ? 0 : supernet);
    }

    CheckpointStore checkpoints(int supernet) {
        return new CheckpointStore(checkpoints, supernet, keepCheckpoints, hadoop.value(), Optional.of(id));
    }

    /** The states in which supernets begin their rounds and are scored. */
    SupernetStates states() {
        return new SupernetStates(
                plan,
                sizes.size(),
                SpaceWeights.of(partition.space(), sizes.get(0)).common(),
                this::checkpoints);
    }
}
