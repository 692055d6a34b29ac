package io.efsnas.supernet;

import io.efsnas.data.Batch;
import io.efsnas.space.SearchSpace;
import io.efsnas.supernet.machine.KernelProfile;
import io.efsnas.supernet.machine.MachineCeilings;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;

/**
 * A tensor library that can run supernets. Implementations are found by {@link ServiceLoader}, so that a further one is
 * a further jar.
 */
public interface Engine {

    /** The name by which the configuration asks for it. */
    String name();

    /** What the JVM or its class path lacks for this engine, in words for the user; empty if nothing. */
    Optional<String> missing();

    /** Whether its build on the class path computes on GPUs; nothing is loaded to tell. */
    boolean servesGpus();

    /** Whether it computes supernets of a space. */
    default boolean computes(SearchSpace space) {
        return true;
    }

    /** In what it can compute; float32 is always among them. */
    Set<Precision> precisions();

    /** Whether its supernets let others look into them, such as by {@link Supernet#lossGradients}: all or nothing. */
    default boolean inspects() {
        return true;
    }

    /** Whether its supernets take steps of lessons, see {@link Supernet#train(Batch, TrainingStep)}. */
    default boolean takesLessons() {
        return true;
    }

    /** Whether its supernets score by given statistics, see {@link Supernet#score(Batch, List, List)}. */
    default boolean recalibrates() {
        return true;
    }

    /** Whether batch norms of its supernets can learn, see {@link io.efsnas.network.ModelSize#affine}. */
    default boolean computesAffineNorms() {
        return true;
    }

    /**
     * The library, its version, the native build in use and, on a GPU, the card's model, as recorded with every result.
     *
     * @param device the device that computes; the description is made where it is
     * @throws IllegalArgumentException if there is no such GPU
     */
    String description(Device device);

    /**
     * Whether it gives the bits that a build of this engine gave, maybe elsewhere.
     *
     * @param description the description of that build
     * @param itsThreads the number of threads that it computed with
     * @param device the device that this one computes on
     * @param threads the number of threads that this one computes with
     */
    boolean repeats(String description, int itsThreads, Device device, int threads);

    /**
     * A supernet with freshly initialised weights.
     *
     * @throws IllegalArgumentException if it cannot compute with these resources
     */
    Supernet create(SupernetSpec spec, Resources resources);

    /**
     * The same, but it adds the time that its kernels take to a profile, and runs them one after the other.
     *
     * @throws IllegalArgumentException if it cannot compute with these resources, or not time its kernels there
     */
    Supernet create(SupernetSpec spec, Resources resources, KernelProfile profile);

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
