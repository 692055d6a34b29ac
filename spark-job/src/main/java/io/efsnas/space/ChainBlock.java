package io.efsnas.space;

/**
 * A block of a network whose blocks are each chosen by themselves, for people to look at.
 *
 * @param stage the stage that it is in, from 1
 * @param operation what it is, in the space's own word
 * @param kernel the side of its kernel; 0 of the identity
 * @param expansion how many times as many channels as outside it has inside; 0 of the identity
 */
public record ChainBlock(int stage, String operation, int kernel, int expansion) {

    public ChainBlock {
        if (stage < 1 || kernel < 0 || expansion < 0) {
            throw new IllegalArgumentException("no block is in stage " + stage + " with a kernel of " + kernel
                    + " and an expansion of " + expansion);
        }
    }
}
