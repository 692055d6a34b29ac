package io.efsnas.network;

/** What the weights of a supernet are drawn from before it is trained. */
public enum Initialisation {
    /**
     * All uniformly from ±1/sqrt(fan-in), PyTorch's default for convolutions and linear layers, which the published runs
     * on NAS-Bench-201 use.
     */
    UNIFORM_FAN_IN,
    /**
     * Those of convolutions from a normal distribution with mean 0 and variance 2 / (kernel² · outputs), as the published
     * runs on the MobileNet space do; the others as above.
     */
    NORMAL_FAN_OUT
}
