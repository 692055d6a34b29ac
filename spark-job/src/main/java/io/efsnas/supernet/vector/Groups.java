package io.efsnas.supernet.vector;

import io.efsnas.network.Shape;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** How the images of a batch lie in groups, and the vectors that a group's values fill. */
final class Groups {

    /** Images of a group. */
    static final int LANES = 16;

    /** Images of half a group, which sums over images add one half after the other, whatever a vector holds. */
    static final int HALF = LANES / 2;

    /** Overrides the width of vectors, in bits. */
    static final String BITS = "efsnas.vector.bits";

    /**
     * 16 floats where the JVM prefers vectors of 512 bits, otherwise 8. All kernels share it, since C2 compiles loops
     * badly that meet both. Results do not depend on it.
     */
    static final VectorSpecies<Float> SPECIES =
            Integer.getInteger(BITS, FloatVector.SPECIES_PREFERRED.vectorBitSize()) >= 512
                    ? FloatVector.SPECIES_512
                    : FloatVector.SPECIES_256;

    /** Values of a vector. */
    static final int VECTOR = SPECIES.length();

    /** Pixels of a group that two vectors hold. */
    static final int PIXELS = 2 * VECTOR / LANES;

    private Groups() {}

    /** The groups that hold this many images; the last may be partly filled. */
    static int count(int images) {
        return (images + LANES - 1) / LANES;
    }

    /** How many of a group's lanes hold images. */
    static int lanes(int images, int group) {
        return Math.min(LANES, images - group * LANES);
    }

    /** Values of one group of feature maps. */
    static int size(Shape shape) {
        return shape.size() * LANES;
    }

    /** The array itself if it has this many values, otherwise one of zeros that has. */
    static float[] atLeast(float[] array, int length) {
        return array.length >= length ? array : new float[length];
    }
}
