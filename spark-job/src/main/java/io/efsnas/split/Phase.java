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
 */
public record Phase(int fromRound, int toRound, long fromStep, long toStep, boolean sharesParts)
        implements Serializable {

    public Phase {
        if (fromRound < 0 || toRound <= fromRound || toStep <= fromStep) {
            throw new IllegalArgumentException("a phase needs a round and a step, not rounds " + fromRound + " to "
                    + toRound + " and steps " + fromStep + " to " + toStep);
        }
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
