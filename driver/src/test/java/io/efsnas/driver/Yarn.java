package io.efsnas.driver;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.xml.bind.JAXBContext;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.yarn.api.records.ApplicationReport;
import org.apache.hadoop.yarn.client.api.YarnClient;
import org.apache.hadoop.yarn.conf.YarnConfiguration;
import org.apache.hadoop.yarn.exceptions.YarnException;
import org.apache.hadoop.yarn.server.nodemanager.NodeManager;
import org.apache.hadoop.yarn.server.resourcemanager.ResourceManager;
import org.bouncycastle.asn1.eac.EACObjectIdentifiers;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.jce.provider.BouncyCastleProvider;

/**
 * A YARN cluster on this machine, of real processes: a ResourceManager, and a NodeManager that says it has two GPUs.
 * Containers are processes of this machine, whose logs are in a directory of their own.
 */
final class Yarn implements AutoCloseable {

    private static final String LOCALHOST = "127.0.0.1";
    private static final String EXECUTOR = "YarnCoarseGrainedExecutorBackend";
    private static final int GPUS = 2;

    private final Path directory;
    private final Path logs;
    private final TestProcesses processes;
    private Process nodeManager;
    private YarnClient client;

    /**
     * @param directory for the settings and the containers' files
     */
    Yarn(Path directory, Path logs) throws IOException {
        this.directory = directory;
        this.logs = logs;
        this.processes = new TestProcesses(directory, logs);
    }

    /** Starts both, and waits until they have found each other. */
    void start() throws IOException, InterruptedException {
        Files.createDirectories(settings());
        writeSettings("yarn-site.xml", site());
        writeSettings(
                "capacity-scheduler.xml",
                Map.of(
                        "yarn.scheduler.capacity.root.queues", "default",
                        "yarn.scheduler.capacity.root.default.capacity", "100",
                        "yarn.scheduler.capacity.maximum-am-resource-percent", "1",
                        "yarn.scheduler.capacity.resource-calculator",
                                "org.apache.hadoop.yarn.util.resource.DominantResourceCalculator"));
        writeSettings("resource-types.xml", Map.of("yarn.resource-types", "yarn.io/gpu"));
        writeSettings(
                "node-resources.xml", Map.of("yarn.nodemanager.resource-type.yarn.io/gpu", Integer.toString(GPUS)));
        daemon("resourcemanager", ResourceManager.class);
        processes.await("resourcemanager", Pattern.compile("Transitioned to active state"));
        nodeManager = daemon("nodemanager", NodeManager.class);
        processes.await("nodemanager", Pattern.compile("Registered with ResourceManager"));

        Configuration conf = new YarnConfiguration();
        conf.addResource(new org.apache.hadoop.fs.Path(
                settings().resolve("yarn-site.xml").toUri()));
        client = YarnClient.createYarnClient();
        client.init(conf);
        client.start();
    }

    private Map<String, String> site() throws IOException {
        Map<String, String> site = new HashMap<>(Map.of(
                "yarn.resourcemanager.hostname",
                LOCALHOST,
                "yarn.nodemanager.address",
                LOCALHOST + ":0",
                "yarn.nodemanager.localizer.address",
                LOCALHOST + ":0",
                "yarn.nodemanager.webapp.address",
                LOCALHOST + ":0",
                "yarn.nodemanager.local-dirs",
                directory.resolve("local").toString(),
                "yarn.nodemanager.log-dirs",
                containerLogs().toString(),
                "yarn.nodemanager.resource.memory-mb",
                "8192",
                "yarn.scheduler.minimum-allocation-mb",
                "128",
                // A JVM reserves far more addresses than it has memory.
                "yarn.nodemanager.vmem-check-enabled",
                "false"));
        site.put("yarn.nodemanager.resource.cpu-vcores", "8");
        // Containers begin and end with a heartbeat, of which there is one a second by default.
        site.put("yarn.resourcemanager.nodemanagers.heartbeat-interval-ms", "100");
        // However full the disk of this machine is.
        site.put("yarn.nodemanager.disk-health-checker.enable", "false");
        List<String> services = List.of("address", "scheduler.address", "resource-tracker.address", "admin.address");
        List<Integer> ports = freePorts(services.size() + 1);
        for (int service = 0; service < services.size(); service++) {
            site.put("yarn.resourcemanager." + services.get(service), LOCALHOST + ":" + ports.get(service));
        }
        site.put("yarn.resourcemanager.webapp.address", LOCALHOST + ":" + ports.get(services.size()));
        return site;
    }

    /** Ports that nothing listens on: clients have to know those of a ResourceManager before it starts. */
    private static List<Integer> freePorts(int count) throws IOException {
        List<ServerSocket> sockets = new ArrayList<>();
        try {
            for (int port = 0; port < count; port++) {
                sockets.add(new ServerSocket(0));
            }
            return sockets.stream().map(ServerSocket::getLocalPort).toList();
        } finally {
            for (ServerSocket socket : sockets) {
                socket.close();
            }
        }
    }

    private void writeSettings(String name, Map<String, String> settings) throws IOException {
        String properties = settings.entrySet().stream()
                .map(setting -> "<property><name>%s</name><value>%s</value></property>\n"
                        .formatted(setting.getKey(), setting.getValue()))
                .collect(Collectors.joining());
        Files.writeString(settings().resolve(name), "<configuration>\n" + properties + "</configuration>\n");
    }

    private Process daemon(String name, Class<?> main) throws IOException {
        // The servers' own libraries come before Spark's, as in Hadoop's scripts.
        Set<String> classPath = new LinkedHashSet<>(List.of(settings().toString()));
        Stream.of(
                        main,
                        BouncyCastleProvider.class,
                        X509CertificateHolder.class,
                        EACObjectIdentifiers.class,
                        JAXBContext.class)
                .map(type ->
                        type.getProtectionDomain().getCodeSource().getLocation().getPath())
                .forEach(classPath::add);
        classPath.add(TestProcesses.SPARK_JARS);
        List<String> command = TestProcesses.java();
        command.addAll(List.of(
                "-Xmx256m",
                "-Dorg.apache.logging.log4j.level=INFO",
                "-cp",
                String.join(":", classPath),
                main.getName()));
        return processes.start(name, command, environment());
    }

    /** Runs a command that submits to this cluster, with Spark's settings in a file of their own. */
    Process submit(String name, String sparkSettings, List<String> command) throws IOException {
        Path conf = Files.createDirectories(directory.resolve(name + "-conf"));
        Files.writeString(conf.resolve("spark-defaults.conf"), sparkSettings + ClassArchive.SPARK_SETTINGS);
        Map<String, String> environment = new HashMap<>(environment());
        environment.put("SPARK_CONF_DIR", conf.toString());
        environment.put("EFSNAS_MEMORY", "512m");
        environment.put("EFSNAS_EXECUTOR_OPTIONS", TestProcesses.jvmOptions());
        return processes.start(name, command, environment);
    }

    private Map<String, String> environment() {
        return Map.of(
                "HADOOP_CONF_DIR",
                settings().toString(),
                "SPARK_HOME",
                TestProcesses.SPARK_HOME.toString(),
                "SPARK_LOCAL_IP",
                LOCALHOST,
                "JAVA_HOME",
                TestProcesses.JAVA_HOME);
    }

    /** The application that was submitted last. */
    ApplicationReport newestApplication() throws IOException, YarnException {
        return client.getApplications().stream()
                .max(Comparator.comparing(ApplicationReport::getApplicationId))
                .orElseThrow();
    }

    /** As {@code yarn application -kill} does. */
    void kill(ApplicationReport application) throws IOException, YarnException {
        client.killApplication(application.getApplicationId());
    }

    /** The JVMs of the executors that are running. */
    List<ProcessHandle> executors() {
        return nodeManager
                .descendants()
                .filter(process -> process.info().command().orElse("").endsWith("/java"))
                .filter(process -> commandLine(process).contains(EXECUTOR))
                .toList();
    }

    /** Stops the executors' JVMs where they are, until they are killed. */
    void pauseExecutors() throws IOException, InterruptedException {
        for (ProcessHandle executor : executors()) {
            new ProcessBuilder("kill", "-STOP", Long.toString(executor.pid()))
                    .start()
                    .waitFor();
        }
    }

    private static String commandLine(ProcessHandle process) {
        try {
            return Files.readString(Path.of("/proc", Long.toString(process.pid()), "cmdline"));
        } catch (IOException e) {
            return ""; // it has just ended
        }
    }

    /** What the first container of an application, where Spark's application master is, has written. */
    String applicationMasterLog(ApplicationReport application) throws IOException {
        try (Stream<Path> files = Files.walk(
                containerLogs().resolve(application.getApplicationId().toString()))) {
            StringBuilder text = new StringBuilder();
            for (Path file : files.filter(file -> file.getParent().toString().endsWith("_000001"))
                    .sorted()
                    .toList()) {
                text.append(Files.readString(file));
            }
            return text.toString();
        } catch (NoSuchFileException e) {
            return "";
        }
    }

    private Path containerLogs() {
        return logs.resolve("containers");
    }

    private Path settings() {
        return directory.resolve("settings");
    }

    /** Ends all processes. */
    @Override
    public void close() throws InterruptedException {
        if (client != null) {
            client.stop();
        }
        processes.stop();
    }
}
