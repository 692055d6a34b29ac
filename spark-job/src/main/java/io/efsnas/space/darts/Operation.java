package io.efsnas.space.darts;

import java.util.Arrays;

/**
 * What an edge can carry; a choice of an {@link io.efsnas.space.Architecture} is an ordinal of this.
 *
 * <p>The count of an operation is how many ReLUs it has.
 */
enum Operation {
    NONE("none", 0, 0),
    SKIP("skip_connect", 0, 1),
    SEPARABLE_3X3("sep_conv_3x3", 2, 2),
    SEPARABLE_5X5("sep_conv_5x5", 2, 2),
    DILATED_3X3("dil_conv_3x3", 1, 1),
    DILATED_5X5("dil_conv_5x5", 1, 1),
    MAX_POOL("max_pool_3x3", 0, 0),
    AVERAGE_POOL("avg_pool_3x3", 0, 0);

    static final Operation[] VALUES = values();

    private final String text;
    private final int count;
    private final int stridedCount;

    Operation(String text, int count, int stridedCount) {
        this.text = text;
        this.count = count;
        this.stridedCount = stridedCount;
    }

    /** The word of DARTS for it. */
    String text() {
        return text;
    }

    /**
     * How many nonlinear functions it has.
     *
     * @param strided whether it halves the resolution, which a skip connection cannot do without a convolution
     */
    int nonlinearities(boolean strided) {
        return strided ? stridedCount : count;
    }

    /** All words, for people to choose from. */
    static String words() {
        return String.join(
                ", ", Arrays.stream(VALUES).map(operation -> operation.text).toList());
    }
}
