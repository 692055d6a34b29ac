package io.efsnas.job;

import io.efsnas.checkpoint.RoundProgress;
import io.efsnas.supernet.Device;
import java.io.Serializable;

/**
 * How a supernet's training goes, as an executor tells the driver.
 *
 * @param node the id of the supernet
 * @param step steps taken so far
 * @param stepsPerSecond the rate of the round so far, in training time
 * @param loss mean cross entropy of the round so far, in nats
 * @param accuracy mean accuracy of the same, 0 to 1
 * @param gpu the address of its GPU; {@code -1} on CPUs
 */
record SupernetProgress(String node, long step, double stepsPerSecond, double loss, double accuracy, String gpu)
        implements Serializable {

    static SupernetProgress of(String node, RoundProgress round, Device device) {
        return new SupernetProgress(
                node,
                round.step(),
                round.taken() / round.trainingSeconds(),
                round.evaluation().loss(),
                round.evaluation().accuracy(),
                device.gpu().orElse("-1"));
    }
}
