package io.efsnas.retraining;

import io.efsnas.supernet.Device;
import io.efsnas.supernet.EngineNames;
import io.efsnas.supernet.Resources;
import java.util.List;
import java.util.ServiceLoader;

/**
 * A tensor library that can train final networks. It bears the name of the {@link io.efsnas.supernet.Engine} that is
 * made of the same library, which says whether the class path has it, whether it serves GPUs and which build it is.
 */
public interface RetrainingEngine {

    /** The name by which the configuration asks for it. */
    String name();

    /**
     * A network with freshly initialised weights.
     *
     * @throws IllegalArgumentException in one line, if the library or the device does not work here
     */
    RetrainedNetwork create(RetrainedNetworkSpec spec, Resources resources);

    /**
     * The engine for final networks on a machine whose supernets another one computes: the same if it runs final networks,
     * else that for the device.
     *
     * @param engine the name of the other one
     */
    static RetrainingEngine beside(String engine, Device device) {
        return named(
                switch (engine) {
                    case EngineNames.VECTOR, EngineNames.LIBTORCH -> engine;
                    default -> device.gpu().isPresent() ? EngineNames.LIBTORCH : EngineNames.VECTOR;
                });
    }

    /**
     * The engine of a name.
     *
     * @throws IllegalArgumentException naming the engines on the class path
     */
    static RetrainingEngine named(String name) {
        List<RetrainingEngine> engines = ServiceLoader.load(RetrainingEngine.class).stream()
                .map(ServiceLoader.Provider::get)
                .toList();
        return engines.stream()
                .filter(engine -> engine.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no engine '" + name + "' trains final networks; on the"
                        + " class path: "
                        + String.join(
                                ", ",
                                engines.stream().map(RetrainingEngine::name).toList())));
    }
}
