package io.efsnas.supernet;

import java.util.BitSet;
import java.util.List;

/**
 * Which rectified values of one kind are above 0.
 *
 * @param units values of each image
 * @param uses how many layers take these values
 * @param ofImages for each image, which of its values are above 0
 */
public record Activity(int units, int uses, List<BitSet> ofImages) {

    public Activity {
        ofImages = List.copyOf(ofImages);
    }
}
