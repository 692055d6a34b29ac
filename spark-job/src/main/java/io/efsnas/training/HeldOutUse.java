package io.efsnas.training;

/**
 * How a scheme uses images that no weight is trained on.
 *
 * @param images on which it judges subnets
 * @param subnetsPerStep how many subnets a step judges on them, as a mean over the steps
 */
public record HeldOutUse(int images, double subnetsPerStep) {

    /** Of a scheme that judges nothing. */
    public static final HeldOutUse NONE = new HeldOutUse(0, 0);
}
