package io.efsnas.driver.run;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.efsnas.job.RoundReport;
import io.efsnas.job.ScoreReport;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * Where the time of the process went that ended a search, in seconds; all but the two on the wall are summed over devices.
 *
 * @param slots the number of tasks that run at a time
 * @param trainingWallSeconds wall-clock seconds from the first round's start to the last one's end
 * @param scoringWallSeconds wall-clock seconds from then to the last score
 * @param trainingSeconds device seconds of training steps
 * @param scoringSeconds device seconds of scored batches
 * @param dataSeconds device seconds of waiting for training batches
 * @param checkpointSeconds device seconds of writing checkpoints
 * @param preparationSeconds device seconds of reading images, making supernets and loading checkpoints
 * @param averagingSeconds device seconds in which workers of a supernet waited for the others and for the mean of all
 * @param overheadShare the share of the devices' time in both stages that went into anything but training, scoring and
 *     batches, 0 to 1
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record Timings(
        int slots,
        double trainingWallSeconds,
        double scoringWallSeconds,
        double trainingSeconds,
        double scoringSeconds,
        double dataSeconds,
        double checkpointSeconds,
        double preparationSeconds,
        double averagingSeconds,
        double overheadShare) {

    /**
     * The timings of a process.
     *
     * @param rounds the rounds that this process ran
     * @param scores the scores that this process had made
     */
    public static Timings of(
            int slots,
            double trainingWallSeconds,
            double scoringWallSeconds,
            List<RoundReport> rounds,
            List<ScoreReport> scores) {
        double training = sum(rounds, round -> round.metrics().trainingSeconds());
        double scoring = sum(scores, ScoreReport::scoringSeconds);
        double data = sum(rounds, round -> round.metrics().dataSeconds());
        return new Timings(
                slots,
                trainingWallSeconds,
                scoringWallSeconds,
                training,
                scoring,
                data,
                sum(rounds, round -> round.metrics().checkpointSeconds()),
                sum(rounds, RoundReport::preparationSeconds) + sum(scores, ScoreReport::preparationSeconds),
                rounds.stream()
                        .flatMap(round -> round.workers().stream())
                        .mapToDouble(worker -> worker.wallSeconds() - worker.seconds())
                        .sum(),
                1 - (training + scoring + data) / ((trainingWallSeconds + scoringWallSeconds) * slots));
    }

    private static <T> double sum(List<T> reports, ToDoubleFunction<T> seconds) {
        return reports.stream().mapToDouble(seconds).sum();
    }
}
