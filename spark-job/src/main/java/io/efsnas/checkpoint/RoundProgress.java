package io.efsnas.checkpoint;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.efsnas.supernet.Evaluation;
import java.io.Serializable;

/**
 * How far a supernet has come in a round, and what the metrics of the round are made of. It is kept in checkpoints, so
 * that a round that was broken off ends with the metrics of a whole one.
 *
 * @param fromStep steps taken before the round
 * @param step steps taken so far, those that were skipped included
 * @param evaluation the sum over the round's steps so far, but for the last ones that a device may still be computing
 * @param trainingSeconds seconds spent in optimizer steps
 * @param dataSeconds seconds spent waiting for batches
 * @param checkpointSeconds seconds spent writing checkpoints
 * @param skipped how many of the round's steps were not taken, since the training had ended early
 */
public record RoundProgress(
        long fromStep,
        long step,
        Evaluation evaluation,
        double trainingSeconds,
        double dataSeconds,
        double checkpointSeconds,
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) long skipped)
        implements Serializable {

    /** A round that is about to take its first step. */
    public static RoundProgress from(long step) {
        return new RoundProgress(step, step, Evaluation.NONE, 0, 0, 0, 0);
    }

    public RoundProgress plusStep(double training, double data) {
        return new RoundProgress(
                fromStep,
                step + 1,
                evaluation,
                trainingSeconds + training,
                dataSeconds + data,
                checkpointSeconds,
                skipped);
    }

    /** With what a worker has done of the round. */
    public RoundProgress plus(RoundProgress share) {
        return new RoundProgress(
                fromStep,
                step + share.step - share.fromStep,
                evaluation.plus(share.evaluation),
                trainingSeconds + share.trainingSeconds,
                dataSeconds + share.dataSeconds,
                checkpointSeconds + share.checkpointSeconds,
                skipped + share.skipped);
    }

    public RoundProgress evaluated(Evaluation sum, double waiting) {
        return new RoundProgress(
                fromStep, step, sum, trainingSeconds + waiting, dataSeconds, checkpointSeconds, skipped);
    }

    /** At the end of the round, with none of the steps that were left. */
    public RoundProgress skippedTo(long toStep) {
        return new RoundProgress(
                fromStep, toStep, evaluation, trainingSeconds, dataSeconds, checkpointSeconds, skipped + toStep - step);
    }

    /** How many steps of the round were taken, not skipped. */
    public long taken() {
        return step - fromStep - skipped;
    }

    public RoundProgress plusCheckpoint(double seconds) {
        return new RoundProgress(
                fromStep, step, evaluation, trainingSeconds, dataSeconds, checkpointSeconds + seconds, skipped);
    }
}
