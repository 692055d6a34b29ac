package io.efsnas.job;

import io.efsnas.retraining.RetrainedNetworkSpec;
import io.efsnas.retraining.RetrainingSchedule;
import io.efsnas.supernet.Device;
import io.efsnas.supernet.Precision;
import io.efsnas.supernet.Resources;
import java.io.Serializable;

/**
 * What the task needs to know that trains an architecture from scratch.
 *
 * @param engine the name of the engine that computes
 * @param threads the number of its threads on a CPU
 * @param precision the precision in which it computes
 * @param states the directory of the states after each epoch
 * @param until the number of epochs after which to end, of all that the schedule has
 */
public record RetrainingJob(
        RetrainedNetworkSpec network,
        RetrainingSchedule schedule,
        ImageSource images,
        String engine,
        int threads,
        Precision precision,
        String states,
        int until)
        implements Serializable {

    /** The same to the end of another epoch, with other threads. */
    public RetrainingJob with(int otherThreads, int otherUntil) {
        return new RetrainingJob(network, schedule, images, engine, otherThreads, precision, states, otherUntil);
    }

    Resources resources(Device device) {
        return new Resources(threads, device, 1, precision);
    }
}
