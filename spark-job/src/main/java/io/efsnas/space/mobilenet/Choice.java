package io.efsnas.space.mobilenet;

import java.util.List;

/**
 * What a block can be: an inverted bottleneck of some kernel and expansion, or the identity. A choice of an {@link
 * io.efsnas.space.Architecture} is an index of {@link #ALL}.
 *
 * @param kernel the side of the depthwise kernel; 0 of the identity
 * @param expansion how many times as many channels as the input the depthwise convolution has; 0 of the identity
 */
record Choice(String text, int kernel, int expansion) {

    static final Choice IDENTITY = new Choice("id", 0, 0);

    /** The identity is the last one, since not all blocks have it. */
    static final List<Choice> ALL = List.of(
            bottleneck(3, 3),
            bottleneck(3, 6),
            bottleneck(5, 3),
            bottleneck(5, 6),
            bottleneck(7, 3),
            bottleneck(7, 6),
            IDENTITY);

    /** How many of them are no identity. */
    static final int BOTTLENECKS = ALL.size() - 1;

    private static Choice bottleneck(int kernel, int expansion) {
        return new Choice("k" + kernel + "e" + expansion, kernel, expansion);
    }

    boolean isIdentity() {
        return kernel == 0;
    }
}
