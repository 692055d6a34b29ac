package io.efsnas.driver;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hadoop.hdfs.server.datanode.DataNode;
import org.apache.hadoop.hdfs.server.namenode.NameNode;

/** An HDFS on this machine, of real processes: a NameNode, and DataNodes with a directory each. */
final class Hdfs {

    private static final Pattern RPC_PORT = Pattern.compile("NameNode RPC up at: \\S+:(\\d+)");

    private final Path directory;
    private final TestProcesses processes;
    private final List<Process> dataNodes = new ArrayList<>();
    private String uri;

    Hdfs(Path directory, Path logs) throws IOException {
        this.directory = directory;
        this.processes = new TestProcesses(directory, logs);
    }

    /** Starts a NameNode and DataNodes, and waits until all have found each other. */
    void start(int dataNodeCount) throws IOException, InterruptedException {
        Map<String, String> nameNode = Map.of(
                "fs.defaultFS", "hdfs://127.0.0.1:0",
                "dfs.namenode.name.dir", directory.resolve("name").toUri().toString(),
                "dfs.namenode.http-address", "127.0.0.1:0");
        if (start("format", NameNode.class, nameNode, "-format").waitFor() != 0) {
            throw new AssertionError("the NameNode cannot be formatted; see " + processes.log("format"));
        }
        start("namenode", NameNode.class, nameNode);
        uri = "hdfs://127.0.0.1:" + processes.await("namenode", RPC_PORT).group(1);
        for (int node = 0; node < dataNodeCount; node++) {
            dataNodes.add(start(
                    "datanode-" + node,
                    DataNode.class,
                    Map.of(
                            "fs.defaultFS", uri,
                            "dfs.datanode.data.dir",
                                    directory.resolve("data-" + node).toUri().toString(),
                            "dfs.datanode.address", "127.0.0.1:0",
                            "dfs.datanode.http.address", "127.0.0.1:0",
                            "dfs.datanode.ipc.address", "127.0.0.1:0")));
        }
        processes.await("namenode", Pattern.compile("(?s)(Adding new storage ID.*){" + dataNodeCount + "}"));
    }

    private Process start(String name, Class<?> main, Map<String, String> settings, String... arguments)
            throws IOException {
        Path servers =
                Path.of(main.getProtectionDomain().getCodeSource().getLocation().getPath());
        Stream<String> java = Stream.of(
                Path.of(TestProcesses.JAVA_HOME, "bin", "java").toString(),
                "-Xmx256m",
                "-Dorg.apache.logging.log4j.level=INFO",
                "-cp",
                servers + ":" + TestProcesses.SPARK_JARS,
                main.getName());
        Stream<String> options = settings.entrySet().stream()
                .flatMap(setting -> Stream.of("-D", setting.getKey() + "=" + setting.getValue()));
        List<String> command = Stream.of(java, options, Stream.of(arguments))
                .flatMap(words -> words)
                .collect(Collectors.toList());
        return processes.start(name, command, Map.of());
    }

    /** Such as {@code hdfs://127.0.0.1:34567}. */
    String uri() {
        return uri;
    }

    /** Ends a DataNode as a loss of its machine would: it tells nobody. */
    void kill(int dataNode) throws InterruptedException {
        dataNodes.get(dataNode).destroyForcibly().waitFor();
    }

    void stop() throws InterruptedException {
        processes.stop();
    }
}
