package io.efsnas.driver;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** A Livy server on this machine, a real process, whose batches are processes that run on embedded Spark. */
final class Livy {

    private static final Pattern STARTED = Pattern.compile("Starting server on (http://\\S+)");

    private final Path directory;
    private final TestProcesses processes;
    private Process server;
    private String url;

    Livy(Path directory, Path logs) throws IOException {
        this.directory = directory;
        this.processes = new TestProcesses(directory, logs);
    }

    /** Starts the server, and waits until it answers. */
    void start() throws IOException, InterruptedException {
        Files.createDirectories(directory.resolve("logs"));
        Files.writeString(
                directory.resolve("livy.conf"),
                """
                livy.server.host = 127.0.0.1
                livy.server.port = 0
                livy.spark.master = local[2]
                """);
        Files.writeString(
                directory.resolve("log4j.properties"),
                """
                log4j.rootLogger = INFO, console
                log4j.appender.console = org.apache.log4j.ConsoleAppender
                log4j.appender.console.layout = org.apache.log4j.PatternLayout
                log4j.appender.console.layout.ConversionPattern = %d{HH:mm:ss} %p %c{1}: %m%n
                """);
        List<String> command = TestProcesses.java();
        command.addAll(List.of(
                "-Xmx256m",
                "-cp",
                directory + ":" + System.getProperty("livy.jars") + "/*",
                "org.apache.livy.server.LivyServer"));
        server = processes.start(
                "livy",
                command,
                Map.of(
                        "LIVY_HOME", directory.toString(),
                        "LIVY_CONF_DIR", directory.toString(),
                        "SPARK_HOME", TestProcesses.SPARK_HOME.toString(),
                        "SPARK_LOCAL_IP", "127.0.0.1",
                        "JAVA_HOME", TestProcesses.JAVA_HOME));
        url = processes.await("livy", STARTED).group(1);
    }

    /** Such as {@code http://127.0.0.1:34567}. */
    String url() {
        return url;
    }

    /** Ends the server, and waits until all batches have ended. */
    void stop() throws InterruptedException {
        List<ProcessHandle> batches = server.descendants().toList();
        processes.stop();
        batches.forEach(batch -> batch.onExit().join());
    }
}
