package io.efsnas.driver.run;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.efsnas.job.RoundReport;
import io.efsnas.job.ScoreReport;
import java.util.List;

/**
 * Where the time of a search went.
 *
 * @param slots tasks that run at a time
 * @param trainingWall seconds from the first round's begin to the last one's end
 * @param scoringWall seconds that scoring took
 * @param rounds that this process ran
 * @param scores that this process had made
 */
public record Timings(
        int slots, double trainingWall, double scoringWall, List<RoundReport> rounds, List<ScoreReport> scores) {

    private double training() {
        return rounds.stream().mapToDouble(r -> r.metrics().trainingSeconds()).sum();
    }

    private double scoring() {
        return scores.stream().mapToDouble(ScoreReport::scoringSeconds).sum();
    }

    private double data() {
        return rounds.stream().mapToDouble(r -> r.metrics().dataSeconds()).sum();
    }

    private double checkpoints() {
        return rounds.stream().mapToDouble(r -> r.metrics().checkpointSeconds()).sum();
    }

    private double preparation() {
        return rounds.stream().mapToDouble(RoundReport::preparationSeconds).sum()
                + scores.stream().mapToDouble(ScoreReport::preparationSeconds).sum();
    }

    /** The share of the devices' time in both stages that went into anything but training, scoring and batches. */
    double overheadShare() {
        return 1 - (training() + scoring() + data()) / ((trainingWall + scoringWall) * slots);
    }

    public void writeTo(ObjectNode json) {
        json.put("slots", slots)
                .put("trainingWallSeconds", trainingWall)
                .put("scoringWallSeconds", scoringWall)
                .put("trainingSeconds", training())
                .put("scoringSeconds", scoring())
                .put("dataSeconds", data())
                .put("checkpointSeconds", checkpoints())
                .put("preparationSeconds", preparation())
                .put("overheadShare", overheadShare());
    }
}
