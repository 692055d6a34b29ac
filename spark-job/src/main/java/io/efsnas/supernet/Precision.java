package io.efsnas.supernet;

import java.util.Locale;

/** What a supernet computes in. Weights, their momentum and checkpoints are float32 in any case. */
public enum Precision {
    /** Everything in float32. */
    FLOAT32,
    /** Factors of convolutions and matrix products are rounded to 10 bits of fraction on GPUs, and summed in float32. */
    TF32,
    /** Feature maps and factors have 7 bits of fraction; sums and statistics are float32. */
    BFLOAT16;

    /** As configurations have it. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }
}
