package io.efsnas.supernet;

import java.util.Arrays;

/**
 * An evaluation that a device may still be computing: who trains on goes on meanwhile, since waiting for each step would
 * let the device idle between steps. Used by the thread that computes with the supernet.
 */
public interface PendingEvaluation {

    /** Whether {@link #get} answers without waiting for the device. */
    boolean ready();

    /** The evaluation, after waiting for it if need be. */
    Evaluation get();

    /** One that is known already. */
    static PendingEvaluation of(Evaluation known) {
        return new PendingEvaluation() {
            @Override
            public boolean ready() {
                return true;
            }

            @Override
            public Evaluation get() {
                return known;
            }
        };
    }

    /** The mean over subnets that were run on the same images. */
    static PendingEvaluation mean(int images, PendingEvaluation... ofSubnets) {
        return new PendingEvaluation() {
            @Override
            public boolean ready() {
                return Arrays.stream(ofSubnets).allMatch(PendingEvaluation::ready);
            }

            @Override
            public Evaluation get() {
                Evaluation total = Evaluation.NONE;
                for (PendingEvaluation one : ofSubnets) {
                    total = total.plus(one.get());
                }
                return new Evaluation(images, total.correct() / ofSubnets.length, total.lossSum() / ofSubnets.length);
            }
        };
    }
}
