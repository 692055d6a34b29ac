package io.efsnas.driver.report;

import io.efsnas.driver.run.Timings;
import io.efsnas.job.RoundReport;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/**
 * What a search cost.
 *
 * @param seconds device seconds that training took, with all that belongs to it
 * @param imagesPerSecond the number of images that one device trained on in a second
 * @param gpuHours hours of whole GPUs; empty if CPUs trained
 */
record DeviceTime(double seconds, double imagesPerSecond, OptionalDouble gpuHours) {

    private static final String AVERAGING = "averaging workers";

    /**
     * A part of the devices' time.
     *
     * @param share its share, 0 to 1
     */
    record Part(String label, double share) {}

    /**
     * What training cost.
     *
     * @param rounds at least one
     * @param configuredShare the share of a GPU for rounds that do not record the share that they were assigned
     */
    static DeviceTime of(List<RoundReport> rounds, double configuredShare) {
        double training = rounds.stream()
                .mapToDouble(round -> round.metrics().trainingSeconds())
                .sum();
        long images =
                rounds.stream().mapToLong(round -> round.metrics().images()).sum();
        double gpuSeconds = rounds.stream()
                .filter(round -> round.place().device().startsWith("gpu"))
                .mapToDouble(
                        round -> round.seconds() * (round.deviceShare() > 0 ? round.deviceShare() : configuredShare))
                .sum();
        return new DeviceTime(
                rounds.stream().mapToDouble(RoundReport::seconds).sum(),
                images / training,
                gpuSeconds > 0 ? OptionalDouble.of(gpuSeconds / 3600) : OptionalDouble.empty());
    }

    /** Where the time of all devices went, from the first round's begin to the last score. */
    static List<Part> parts(Timings timings) {
        double all = (timings.trainingWallSeconds() + timings.scoringWallSeconds()) * timings.slots();
        double known = timings.trainingSeconds()
                + timings.scoringSeconds()
                + timings.dataSeconds()
                + timings.checkpointSeconds()
                + timings.preparationSeconds()
                + timings.averagingSeconds();
        return Stream.of(
                        new Part("training steps", timings.trainingSeconds() / all),
                        new Part("scoring", timings.scoringSeconds() / all),
                        new Part("waiting for batches", timings.dataSeconds() / all),
                        new Part("checkpoints", timings.checkpointSeconds() / all),
                        new Part("preparation", timings.preparationSeconds() / all),
                        new Part(AVERAGING, timings.averagingSeconds() / all),
                        new Part("idle", Math.max(0, 1 - known / all)))
                .filter(part -> part.share() > 0 || !part.label().equals(AVERAGING))
                .toList();
    }
}
