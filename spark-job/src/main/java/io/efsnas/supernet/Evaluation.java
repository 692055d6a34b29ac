package io.efsnas.supernet;

import java.io.Serializable;

/**
 * How a subnet did on some images.
 *
 * @param images how many were seen
 * @param correct how many of them were classified correctly; a mean over subnets where several were run
 * @param lossSum the sum of the images' cross entropies in nats; a mean over subnets where several were run
 */
public record Evaluation(int images, double correct, double lossSum) implements Serializable {

    public static final Evaluation NONE = new Evaluation(0, 0, 0);

    public Evaluation plus(Evaluation other) {
        return new Evaluation(images + other.images, correct + other.correct, lossSum + other.lossSum);
    }

    /** The share of images classified correctly, 0 to 1. */
    public double accuracy() {
        return correct / images;
    }

    /** The mean cross entropy in nats. */
    public double loss() {
        return lossSum / images;
    }
}
