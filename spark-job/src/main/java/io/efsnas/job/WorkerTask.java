package io.efsnas.job;

import com.esotericsoftware.kryo.DefaultSerializer;
import com.esotericsoftware.kryo.serializers.JavaSerializer;
import java.io.Serializable;

/**
 * What one of several workers does of a round until all are averaged. The steps are numbered as one worker alone would take
 * them, and each worker takes some that follow each other; so their batches, subnets and learning rates are the same.
 *
 * @param fromStep steps of the supernet taken before all workers begin
 * @param toStep steps taken after all have ended, at least one for each
 * @param worker which one, from 0
 * @param workers how many there are
 */
@DefaultSerializer(JavaSerializer.class)
public record WorkerTask(RoundTask round, long fromStep, long toStep, int worker, int workers) implements Serializable {

    /** The first step of this worker. */
    long firstStep() {
        return start(worker);
    }

    /** The step after its last one. */
    long endStep() {
        return start(worker + 1);
    }

    private long start(int of) {
        return fromStep + (toStep - fromStep) * of / workers;
    }

    /** Whether the supernet is as the round before has left it. */
    boolean beginsRound() {
        return fromStep == round.fromStep();
    }
}
