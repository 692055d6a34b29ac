package io.efsnas.data.format;

import io.efsnas.network.Shape;
import java.io.Serializable;

/**
 * How what is in files becomes images of one shape.
 *
 * @param side height and width of every image: the smaller side of each is scaled to it, and the middle kept; 0 for images
 *     as they are, which then have the same sides
 * @param damaged what becomes of a file of one image that cannot be decoded
 */
public record Decoding(int side, Damaged damaged) implements Serializable {

    /** Images stay as they are, and all have to be whole. */
    public static final Decoding AS_IT_IS = new Decoding(0, Damaged.REFUSE);

    /** What becomes of a file that cannot be decoded. */
    public enum Damaged {
        /** It ends the reading with its name. */
        REFUSE,
        /** The others are read. */
        SKIP
    }

    public Decoding {
        if (side < 0) {
            throw new IllegalArgumentException("the side of an image is a number of pixels, not " + side);
        }
    }

    /** The shape of the images, given the one that they have in their files. */
    public Shape shape(Shape inFile) {
        return side == 0 ? inFile : new Shape(inFile.channels(), side, side);
    }
}
