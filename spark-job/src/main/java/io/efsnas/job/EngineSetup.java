package io.efsnas.job;

import io.efsnas.supernet.Device;
import io.efsnas.supernet.Engine;
import io.efsnas.supernet.Precision;
import io.efsnas.supernet.Resources;
import io.efsnas.training.TrainingException;
import java.io.Serializable;

/**
 * What supernets compute with.
 *
 * @param name the name of the engine
 * @param threads the number of threads of a task
 * @param gpuShare the part of a GPU that a supernet has, above 0 to 1
 * @param precision the precision in which supernets compute
 * @param build the build of the engine whose bits all rounds must have; empty if any will do
 */
public record EngineSetup(String name, int threads, double gpuShare, Precision precision, String build)
        implements Serializable {

    Engine engine() {
        return Engine.named(name);
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
     * @param supernet what people call it
     * @throws TrainingException naming both builds if it would not be
     */
    void requireBuild(String supernet, Device device) {
        Engine here = engine();
        if (!build.isEmpty() && !here.repeats(build, threads, device, threads)) {
            throw new TrainingException(supernet + ": the search was trained with " + build + ", and this executor has "
                    + here.description(device) + ", which gives other bits; use executors like those before, or allow"
                    + " it by --allow-engine-change");
        }
    }
}
