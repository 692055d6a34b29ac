package io.efsnas.split;

import java.io.Serializable;

/**
 * How one of several trained supernets is chosen: the one whose subnets, drawn uniformly from its subspace, are right about
 * the most of some images that no weight is trained on.
 *
 * @param subnets the number of subnets of each supernet, at least 1
 * @param images the number of images that score each of them, at least 1: the first of the validation part
 */
public record Choice(int subnets, int images) implements Serializable {

    public Choice {
        if (subnets < 1 || images < 1) {
            throw new IllegalArgumentException(
                    "a choice needs a subnet and an image, not " + subnets + " and " + images);
        }
    }
}
