package io.efsnas.driver;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A Spark standalone cluster on this machine, of real processes: a master, and workers of two cores and one made-up GPU
 * each, whose address is the worker's number. Logs go to a directory of their own, one file a process.
 */
final class StandaloneCluster {

    private static final Map<String, String> ENVIRONMENT = Map.of(
            "SPARK_HOME", TestProcesses.SPARK_HOME.toString(),
            "SPARK_SCALA_VERSION", "2.12",
            "SPARK_LOCAL_IP", "127.0.0.1",
            "JAVA_HOME", TestProcesses.JAVA_HOME,
            "EFSNAS_MEMORY", "1g");
    private static final Pattern MASTER_URL = Pattern.compile("Starting Spark master at (spark://\\S+)");

    private final Path directory;
    private final TestProcesses processes;
    private final List<Process> workers = new ArrayList<>();
    private final StringBuilder settings = new StringBuilder();
    private String master;

    /**
     * @param directory for the workers' and executors' files
     */
    StandaloneCluster(Path directory, Path logs) throws IOException {
        this.directory = directory;
        this.processes = new TestProcesses(directory, logs);
    }

    /** Sets a property of Spark's for the commands begun from now on. */
    void set(String key, String value) {
        settings.append(key).append(' ').append(value).append('\n');
    }

    /** Starts a master and workers, and waits until all have found each other. */
    void start(int workers) throws IOException, InterruptedException {
        daemon("master", "org.apache.spark.deploy.master.Master", "--host", "127.0.0.1", "--port", "0");
        master = processes.await("master", MASTER_URL).group(1);
        for (int worker = 0; worker < workers; worker++) {
            this.workers.add(startWorker(worker));
        }
        for (int worker = 0; worker < workers; worker++) {
            awaitWorker(worker);
        }
    }

    private Process startWorker(int worker) throws IOException {
        return daemon(
                "worker-" + worker,
                "org.apache.spark.deploy.worker.Worker",
                "--host",
                "127.0.0.1",
                "--cores",
                "2",
                "--memory",
                "2g",
                "--work-dir",
                workDirectory(worker).toString(),
                "--properties-file",
                workerProperties(worker).toString(),
                master);
    }

    private void awaitWorker(int worker) throws IOException, InterruptedException {
        processes.await("worker-" + worker, Pattern.compile("Successfully registered with master"));
    }

    /** Kills a worker, which its executors do not survive, and starts another in its place. */
    void replaceWorker(int worker) throws IOException, InterruptedException {
        workers.get(worker).destroyForcibly().waitFor();
        workers.set(worker, startWorker(worker));
        awaitWorker(worker);
    }

    /** The executors that a worker is running. */
    List<ProcessHandle> executorsOf(int worker) {
        // Children alone: what executors start in passing, such as the chmod of each file that Hadoop
        // writes, is a java process too until it has become the other program, and is gone soon after.
        return workers.get(worker)
                .children()
                .filter(process -> process.info()
                        .command()
                        .filter(command -> command.endsWith("/java"))
                        .isPresent())
                .toList();
    }

    private Process daemon(String name, String main, String... arguments) throws IOException {
        List<String> command = TestProcesses.java();
        command.addAll(List.of("-Xmx256m", "-cp", TestProcesses.SPARK_JARS, main, "--webui-port", "0"));
        command.addAll(List.of(arguments));
        return processes.start(name, command, ENVIRONMENT);
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

    /** Runs a command as {@link #begin} to its end; gives its exit status. */
    int submit(String name, int executorCores, String command, String... arguments)
            throws IOException, InterruptedException {
        return end(name, begin(name, executorCores, command, arguments));
    }

    /** Waits for the end of a command that was begun; gives its exit status. */
    int end(String name, Process process) throws InterruptedException {
        assertThat(process.waitFor(5, TimeUnit.MINUTES))
                .as("%s has ended; see %s", name, processes.log(name))
                .isTrue();
        return process.exitValue();
    }

    /**
     * Begins to run the launcher's command on two cores of the cluster. Its log is {@code NAME.log}.
     *
     * @param executorCores 1 for an executor on each of two workers, 2 for one executor
     */
    Process begin(String name, int executorCores, String command, String... arguments) throws IOException {
        return begin(name, executorCores, Map.of(), command, arguments);
    }

    /** The same with further environment variables of the launcher. */
    Process begin(String name, int executorCores, Map<String, String> further, String command, String... arguments)
            throws IOException {
        Path conf = Files.createDirectories(directory.resolve("conf"));
        Files.writeString(
                conf.resolve("spark-defaults.conf"),
                """
                spark.driver.host 127.0.0.1
                spark.driver.bindAddress 127.0.0.1
                spark.ui.enabled false
                spark.cores.max 2
                spark.executor.cores %d
                spark.executor.memory 1g
                spark.executor.resource.gpu.amount 1
                # No supernet begins before all executors are there.
                spark.scheduler.minRegisteredResourcesRatio 1.0
                spark.scheduler.maxRegisteredResourcesWaitingTime 120s
                spark.metrics.namespace efsnas
                spark.metrics.conf.driver.sink.csv.class org.apache.spark.metrics.sink.CsvSink
                spark.metrics.conf.driver.sink.csv.directory %s
                """
                                .formatted(executorCores, Files.createDirectories(metrics()))
                        + ClassArchive.SPARK_SETTINGS
                        + settings);
        List<String> words = new ArrayList<>(List.of(TestProcesses.LAUNCHER, command, "--master", master));
        words.addAll(List.of(arguments));
        Map<String, String> environment = new HashMap<>(ENVIRONMENT);
        environment.put("SPARK_CONF_DIR", conf.toString());
        environment.putAll(further);
        return processes.start(name, words, environment);
    }

    /** Waits up to five minutes for a line in the log of a process that was begun. */
    void await(String name, Pattern line) throws IOException, InterruptedException {
        processes.await(name, line);
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

    /** The logs of the executors of the application begun last, one after the other. */
    List<String> executorLog() throws IOException {
        TreeMap<Path, List<Path>> byApplication;
        try (Stream<Path> found = Files.walk(directory)) {
            byApplication = found.filter(path -> path.endsWith("stderr"))
                    .collect(Collectors.groupingBy(
                            path -> path.getParent().getParent().getFileName(), TreeMap::new, Collectors.toList()));
        }
        List<String> lines = new ArrayList<>();
        for (Path log : byApplication.lastEntry().getValue()) {
            lines.addAll(Files.readAllLines(log));
        }
        return lines;
    }

    /** The lines of the logs of all executors that there have been. */
    List<String> executorLogs() throws IOException {
        List<String> lines = new ArrayList<>();
        try (Stream<Path> found = Files.walk(directory)) {
            for (Path log : found.filter(path -> path.endsWith("stderr")).toList()) {
                lines.addAll(Files.readAllLines(log));
            }
        }
        return lines;
    }

    /** What Spark's metrics system last said of a supernet. */
    String metric(String node, String name) {
        String file = "efsnas.driver.plugin.io.efsnas.job.SupernetMetrics.supernet-" + node + "." + name + ".csv";
        List<String> values = Csv.column(Csv.rows(metrics().resolve(file)), "value");
        return values.get(values.size() - 1);
    }

    private Path metrics() {
        return directory.resolve("metrics");
    }

    private Path workDirectory(int worker) {
        return directory.resolve("worker-" + worker);
    }

    /** Ends all processes. */
    void stop() throws InterruptedException {
        processes.stop();
    }
}
