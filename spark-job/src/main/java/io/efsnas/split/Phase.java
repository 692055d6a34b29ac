package io.efsnas.split;

import java.io.Serializable;

/**
 * A stretch of a run in which the supernets of one level of the tree are trained. Rounds and steps are counted from the
 * beginning of the run, and steps are those of a supernet at the end of the tree.
 *
 * @param fromRound the first of its rounds, from 0
 * @param toRound the round after its last one
 * @param fromStep the steps taken before it
 * @param toStep the steps taken after it
 * @param sharesParts whether the weights that belong to no choice are kept equal in all of its supernets
 * @param lockstep whether a round needs what all of its supernets have learned in the round before, as it does if they share
 *     parts
 * @param restarts whether its supernets begin with weights of their own, not as copies of those that they are parts of, and
 *     their learning rate at its first value
 */
public record Phase(
        int fromRound, int toRound, long fromStep, long toStep, boolean sharesParts, boolean lockstep, boolean restarts)
        implements Serializable {

    public Phase {
        if (fromRound < 0 || toRound <= fromRound || toStep <= fromStep) {
            throw new IllegalArgumentException("a phase needs a round and a step, not rounds " + fromRound + " to "
                    + toRound + " and steps " + fromStep + " to " + toStep);
        }
        lockstep |= sharesParts;
    }

    /** One whose supernets begin as copies of those that they are parts of, if they are parts of some. */
    public Phase(int fromRound, int toRound, long fromStep, long toStep, boolean sharesParts, boolean lockstep) {
        this(fromRound, toRound, fromStep, toStep, sharesParts, lockstep, false);
    }

    /** One whose supernets learn nothing from each other but shared parts. */
    public Phase(int fromRound, int toRound, long fromStep, long toStep, boolean sharesParts) {
        this(fromRound, toRound, fromStep, toStep, sharesParts, sharesParts);
    }

    /** The same stretch with supernets that begin anew. */
    public Phase restarted() {
        return new Phase(fromRound, toRound, fromStep, toStep, sharesParts, lockstep, true);
    }

    /** The steps taken before the training began that its supernets go on with: 0, or, if they begin anew, all before it. */
    public long trainingFrom() {
        return restarts ? fromStep : 0;
    }

    /** How many steps a supernet at the end of the tree has in it. */
    public long steps() {
        return toStep - fromStep;
    }

    /** How many rounds each of its supernets takes. */
    public int rounds() {
        return toRound - fromRound;
    }
}
