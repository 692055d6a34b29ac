package io.efsnas.driver;

import io.efsnas.space.SearchSpace;
import io.efsnas.supernet.Engine;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Searches on a Spark cluster of a few processes with many devices, which compute nothing, so that this machine bears them. */
final class SimulatedCluster {

    private final TestProcesses processes;
    private final Path jar;

    /**
     * @param directory for its files
     * @param logs directory of one log a search
     */
    SimulatedCluster(Path directory, Path logs) throws IOException {
        processes = new TestProcesses(directory, logs);
        jar = ServicesJar.write(
                directory.resolve("simulated.jar"),
                Map.of(Engine.class, SimulatedEngine.class, SearchSpace.class, WideSpace.class));
    }

    /**
     * Starts a search.
     *
     * @param name of its log
     * @param executors processes of the cluster
     * @param devices of each executor
     * @param stepMillis what a training step of one subnet takes
     */
    Process start(String name, int executors, int devices, int stepMillis, Path config, Path run, String... further)
            throws IOException {
        List<String> command = new ArrayList<>(List.of(
                TestProcesses.LAUNCHER,
                "search",
                "--master",
                "local-cluster[%d,%d,1024]".formatted(executors, devices),
                "--config",
                config.toString(),
                "--run-dir",
                run.toString()));
        command.addAll(List.of(further));
        return processes.start(
                name,
                command,
                Map.of(
                        "SPARK_HOME",
                        TestProcesses.SPARK_HOME.toString(),
                        "EFSNAS_MEMORY",
                        "2g",
                        "EFSNAS_JARS",
                        jar.toString(),
                        "EFSNAS_EXECUTOR_OPTIONS",
                        "-D%s=%d".formatted(SimulatedEngine.STEP, stepMillis)));
    }

    /** Ends all processes. */
    void stop() throws InterruptedException {
        processes.stop();
    }
}
