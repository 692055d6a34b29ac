package io.efsnas.supernet;

/**
 * The names of the engines that efsnas brings, for code that chooses among them. The jar of a user may bring others.
 */
public final class EngineNames {

    /** Plain Java, on CPUs. */
    public static final String VECTOR = "vector";

    /** ND4J, on CPUs or GPUs by its build. */
    public static final String ND4J = "nd4j";

    /** libtorch, on CPUs or GPUs by its build. */
    public static final String LIBTORCH = "libtorch";

    /** Kernels for NVIDIA GPUs alone. */
    public static final String CUDA = "cuda";

    private EngineNames() {}
}
