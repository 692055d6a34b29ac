package io.efsnas.data.prepare;

import io.efsnas.data.format.Decoding.Damaged;
import java.io.Serializable;

/**
 * How images become shards.
 *
 * @param from the folder of the images
 * @param to the folder of the shards
 * @param side the smaller side of images that are larger; others are stored as they are
 * @param encoding of images that were scaled
 * @param damaged what becomes of a file that cannot be decoded
 */
public record PrepareSpec(String from, String to, int side, Encoding encoding, Damaged damaged)
        implements Serializable {}
