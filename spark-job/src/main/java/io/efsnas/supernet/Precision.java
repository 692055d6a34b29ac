package io.efsnas.supernet;

import java.util.Locale;

/** What a supernet computes in. Weights, their momentum and checkpoints are float32 in any case. */
public enum Precision {
    /** Everything in float32. */
    FLOAT32,
    /** Factors of convolutions and matrix products are rounded to 10 bits of fraction on GPUs, and summed in float32. */
    TF32,
    /**
     * Feature maps, their gradients and factors have 7 bits of fraction; the sums within a convolution, statistics, the
     * classifier, the loss and the update are float32.
     */
    BFLOAT16;

    /** As configurations have it. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }
}
