package io.efsnas.supernet.vector;

import io.efsnas.network.Shape;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** How the images of a batch lie in groups, and the vectors that a group's values fill. */
final class Groups {

    /** Images of a group: two vectors, so that each weight that is loaded is used twice. */
    static final int LANES = 16;

    /** 8 floats: what AVX2 has, and as fast as 16 on many processors that have AVX-512. */
    static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_256;

    static final int VECTOR = 8;

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
}
