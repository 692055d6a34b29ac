package io.efsnas.supernet;

/**
 * A loss of a subnet's features, which are what its classifier takes: of each channel of the last block the mean over all
 * pixels. It is computed on the CPU, whatever the supernet computes on.
 */
@FunctionalInterface
public interface FeatureLoss {

    /**
     * The loss of a batch.
     *
     * @param features {@code [image][feature]}; they may not be changed
     * @param gradient takes the gradient of the mean loss of the images with respect to each feature, in the same order
     * @return the sum of the images' losses, and how many of the images count as answered correctly
     */
    Evaluation of(float[] features, float[] gradient);
}
