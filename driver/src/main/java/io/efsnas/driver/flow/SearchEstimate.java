package io.efsnas.driver.flow;

import io.efsnas.job.SupernetTiming;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What a search takes, estimated from what some of its work took.
 *
 * @param engine what computes, and why
 * @param devices how many tasks run at a time
 * @param supernets what was timed of each supernet that is known; empty if none is trained
 * @param checkpoints bytes of the checkpoints that are kept
 * @param scored how many architectures are scored at most
 * @param seconds what each stage takes
 */
public record SearchEstimate(
        String engine, int devices, List<SupernetTiming> supernets, long checkpoints, long scored, Stages seconds) {

    /**
     * Seconds of the stages of a search; nothing for a stage that the search does not have.
     *
     * @param measuring seconds that measuring without the search's supernets takes if nothing else runs beside it
     */
    public record Stages(
            OptionalDouble training,
            OptionalDouble scoring,
            OptionalDouble measuring,
            Optional<Retraining> retraining) {

        /** Seconds of all that was estimated. */
        public double all() {
            return training.orElse(0)
                    + scoring.orElse(0)
                    + measuring.orElse(0)
                    + retraining.flatMap(Retraining::seconds).orElse(0.0);
        }
    }

    /**
     * The last stage.
     *
     * @param engine what trains
     * @param seconds seconds that it takes; nothing for dl4j, which is not timed
     */
    public record Retraining(String engine, Optional<Double> seconds) {}

    public SearchEstimate {
        supernets = List.copyOf(supernets);
    }
}
