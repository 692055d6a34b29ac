package io.efsnas.supernet;

/** How the gradients of the subnets of a step become one. */
public enum Combination {
    /** Their mean, so that more subnets do not take longer strides. */
    MEAN,
    /** Their sum, so that each subnet counts as much as if it were alone. */
    SUM;

    /**
     * What the gradient of each image's loss is multiplied by.
     *
     * @param images the number of images in the batch
     * @param subnets the number of subnets in the step
     */
    public float factor(int images, int subnets) {
        return 1f / (this == MEAN ? images * subnets : images);
    }
}
