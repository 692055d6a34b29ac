package io.efsnas.training;

/**
 * How a scheme uses images that no weight is trained on.
 *
 * @param images the number of images on which it judges subnets
 * @param subnetsPerStep the mean number of subnets that a step judges on them
 */
public record HeldOutUse(int images, double subnetsPerStep) {

    /** Of a scheme that judges nothing. */
    public static final HeldOutUse NONE = new HeldOutUse(0, 0);
}
