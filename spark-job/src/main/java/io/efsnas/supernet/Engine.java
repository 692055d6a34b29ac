package io.efsnas.supernet;

import java.util.List;
import java.util.ServiceLoader;

/**
 * A tensor library that can run supernets. Implementations are found by {@link ServiceLoader}, so that a further one is
 * a further jar.
 */
public interface Engine {

    /** The name by which the configuration asks for it. */
    String name();

    /** Whether this JVM can run it. */
    boolean available();

    /** The library, its version and the native build in use, as recorded with every result. */
    String description();

    /**
     * Whether it gives the bits that a build of this engine gave, maybe elsewhere.
     *
     * @param description of that build
     * @param itsThreads that it computed with
     * @param threads that this one computes with
     */
    boolean repeats(String description, int itsThreads, int threads);

    /**
     * A supernet with freshly initialised weights.
     *
     * @param threads how many threads it may compute with; they may decide the bits of its results, see {@link #repeats}
     * @param device where it computes
     */
    Supernet create(SupernetSpec spec, int threads, Device device);

    /** The same, but it adds what its kernels take to a profile. */
    Supernet create(SupernetSpec spec, int threads, Device device, KernelProfile profile);

    /** What this machine can do at the most with so many threads. Takes some seconds. */
    MachineCeilings ceilings(int threads);

    /**
     * The engine of a name.
     *
     * @throws IllegalArgumentException naming the engines on the class path
     */
    static Engine named(String name) {
        List<Engine> engines = ServiceLoader.load(Engine.class).stream()
                .map(ServiceLoader.Provider::get)
                .toList();
        return engines.stream()
                .filter(engine -> engine.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no engine '" + name + "'; on the class path: "
                        + String.join(", ", engines.stream().map(Engine::name).toList())));
    }
}
