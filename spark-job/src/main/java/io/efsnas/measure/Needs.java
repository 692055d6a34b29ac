package io.efsnas.measure;

/** What a measure computes with, and so what has to be there before it. */
public enum Needs {
    /** The architecture alone. */
    NOTHING,
    /** The machine, on which it runs final networks of its own. Its values do not repeat to the bit. */
    MACHINE,
    /** A supernet of the final network's size that has not been trained. */
    FRESH,
    /** Such a supernet, and images that train. */
    IMAGES,
    /** A network of the supernets' size that it may train, images that train it, and images that score it. */
    TRAINABLE,
    /** The supernet that serves the architecture, at the end of its training, and the images that score. */
    TRAINED
}
