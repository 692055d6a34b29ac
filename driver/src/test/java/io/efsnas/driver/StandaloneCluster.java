package io.efsnas.driver;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.spark.launcher.JavaModuleOptions;

/**
 * A Spark standalone cluster on this machine, of real processes: a master, and workers of one core and one made-up GPU
 * each, whose address is the worker's number. Logs go to a directory of their own, one file a process.
 */
final class StandaloneCluster {

    private static final Path SPARK_HOME = Path.of(System.getProperty("spark.home"));
    private static final Path LAUNCHER = Path.of("../deploy/efsnas").toAbsolutePath();
    private static final Map<String, String> ENVIRONMENT = Map.of(
            "SPARK_HOME", SPARK_HOME.toString(),
            "SPARK_SCALA_VERSION", "2.12",
            "SPARK_LOCAL_IP", "127.0.0.1",
            "JAVA_HOME", System.getProperty("java.home"),
            "EFSNAS_MEMORY", "1g");
    private static final Pattern MASTER_URL = Pattern.compile("Starting Spark master at (spark://\\S+)");

    private final Path directory;
    private final Path logs;
    private final List<Process> processes = new ArrayList<>();
    private String master;

    /**
     * @param directory for the workers' and executors' files
     */
    StandaloneCluster(Path directory, Path logs) {
        this.directory = directory;
        this.logs = logs;
    }

    /** Starts a master and workers, and waits until all have found each other. */
    void start(int workers) throws IOException, InterruptedException {
        Files.createDirectories(logs);
        daemon("master", "org.apache.spark.deploy.master.Master", "--host", "127.0.0.1", "--port", "0");
        master = await(logs.resolve("master.log"), MASTER_URL).group(1);
        for (int worker = 0; worker < workers; worker++) {
            daemon(
                    "worker-" + worker,
                    "org.apache.spark.deploy.worker.Worker",
                    "--host",
                    "127.0.0.1",
                    "--cores",
                    "1",
                    "--memory",
                    "2g",
                    "--work-dir",
                    workDirectory(worker).toString(),
                    "--properties-file",
                    workerProperties(worker).toString(),
                    master);
            await(logs.resolve("worker-" + worker + ".log"), Pattern.compile("Successfully registered with master"));
        }
    }

    private void daemon(String name, String main, String... arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(JavaModuleOptions.defaultModuleOptions().trim().split("\\s+")));
        command.addAll(List.of("-Xmx256m", "-cp", SPARK_HOME.resolve("jars") + "/*", main, "--webui-port", "0"));
        command.addAll(List.of(arguments));
        processes.add(start(name, command, Map.of()));
    }

    private Path workerProperties(int worker) throws IOException {
        Path discovery = Files.writeString(
                directory.resolve("gpu-" + worker + ".sh"),
                "#!/bin/sh\necho '{\"name\": \"gpu\", \"addresses\": [\"" + worker + "\"]}'\n");
        Files.setPosixFilePermissions(discovery, PosixFilePermissions.fromString("rwx------"));
        return Files.writeString(
                directory.resolve("worker-" + worker + ".properties"),
                "spark.worker.resource.gpu.amount 1\nspark.worker.resource.gpu.discoveryScript " + discovery + "\n");
    }

    /** Runs the launcher's command on the cluster to its end. Its log is {@code NAME.log}; gives its exit status. */
    int submit(String name, String command, String... arguments) throws IOException, InterruptedException {
        Path conf = Files.createDirectories(directory.resolve("conf"));
        Files.writeString(
                conf.resolve("spark-defaults.conf"),
                """
                spark.driver.host 127.0.0.1
                spark.driver.bindAddress 127.0.0.1
                spark.ui.enabled false
                spark.cores.max 2
                spark.executor.cores 1
                spark.executor.memory 1g
                spark.executor.resource.gpu.amount 1
                # No supernet begins before both executors are there.
                spark.scheduler.minRegisteredResourcesRatio 1.0
                spark.scheduler.maxRegisteredResourcesWaitingTime 120s
                """);
        List<String> words = new ArrayList<>(List.of(LAUNCHER.toString(), command, "--master", master));
        words.addAll(List.of(arguments));
        Process process = start(name, words, Map.of("SPARK_CONF_DIR", conf.toString()));
        processes.add(process);
        assertThat(process.waitFor(5, TimeUnit.MINUTES))
                .as("%s has ended; see its log in %s", name, logs)
                .isTrue();
        return process.exitValue();
    }

    /** The identifiers of the executors that a worker has run for the application begun last. */
    List<String> executors(int worker) throws IOException {
        try (Stream<Path> applications = Files.list(workDirectory(worker))) {
            Path last = applications.max(Comparator.naturalOrder()).orElseThrow();
            try (Stream<Path> executors = Files.list(last)) {
                return executors.map(path -> path.getFileName().toString()).toList();
            }
        }
    }

    private Path workDirectory(int worker) {
        return directory.resolve("worker-" + worker);
    }

    private Process start(String name, List<String> command, Map<String, String> environment) throws IOException {
        Path log = logs.resolve(name + ".log");
        Files.deleteIfExists(log);
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().putAll(ENVIRONMENT);
        builder.environment().putAll(environment);
        return builder.start();
    }

    /** Waits up to a minute for a line in a log. */
    private static Matcher await(Path log, Pattern line) throws IOException, InterruptedException {
        for (int attempt = 0; attempt < 600; attempt++) {
            Matcher matcher = line.matcher(Files.readString(log));
            if (matcher.find()) {
                return matcher;
            }
            Thread.sleep(100);
        }
        throw new AssertionError("no line '" + line + "' in " + log);
    }

    /** Ends all processes. */
    void stop() throws InterruptedException {
        for (Process process : processes) {
            process.descendants().forEach(ProcessHandle::destroy);
            process.destroy();
        }
        for (Process process : processes) {
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly().waitFor();
            }
        }
    }
}
