package io.efsnas.driver;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.launcher.JavaModuleOptions;

/** Processes that a test starts, whose output goes to logs in a directory, and that end with the test. */
final class TestProcesses {

    /** The Spark that the build lays out. */
    static final Path SPARK_HOME = Path.of(System.getProperty("spark.home"));

    /** Its jars, as a class path. */
    static final String SPARK_JARS = SPARK_HOME.resolve("jars") + "/*";

    static final String LAUNCHER =
            Path.of("../deploy/efsnas").toAbsolutePath().normalize().toString();

    static final String JAVA_HOME = System.getProperty("java.home");

    private final Path directory;
    private final Path logs;
    private final List<Process> processes = new ArrayList<>();

    /**
     * @param directory that they work in
     * @param logs directory of one log a process, named by it
     */
    TestProcesses(Path directory, Path logs) throws IOException {
        this.directory = directory;
        this.logs = Files.createDirectories(logs);
    }

    /** What tests start ends before the JIT's second compiler has paid off. */
    static String jvmOptions() {
        return "-XX:+UseSerialGC -XX:TieredStopAtLevel=1 " + ClassArchive.OPTIONS;
    }

    Process start(String name, List<String> command, Map<String, String> environment) throws IOException {
        Path log = log(name);
        Files.deleteIfExists(log);
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().put("JDK_JAVA_OPTIONS", jvmOptions());
        builder.environment().put("SPARK_CONF_DIR", ClassArchive.SPARK_CONF.toString());
        builder.environment().putAll(environment);
        Process process = builder.start();
        processes.add(process);
        return process;
    }

    /** Starts the launcher's {@code search} on embedded Spark. */
    Process startSearch(String name, Path config, Path run, Map<String, String> environment) throws IOException {
        return start(
                name,
                List.of(
                        LAUNCHER,
                        "search",
                        "--master",
                        "local[2]",
                        "--config",
                        config.toString(),
                        "--run-dir",
                        run.toString()),
                environment);
    }

    /** The beginning of a command that runs a JVM with the options that Spark starts its own with. */
    static List<String> java() {
        return Stream.of(Path.of(JAVA_HOME, "bin", "java") + " " + JavaModuleOptions.defaultModuleOptions())
                .flatMap(command -> Stream.of(command.split("\\s+")))
                .collect(Collectors.toCollection(ArrayList::new));
    }

    Path log(String name) {
        return logs.resolve(name + ".log");
    }

    /** Waits up to five minutes for a line in a process's log. */
    Matcher await(String name, Pattern line) throws IOException, InterruptedException {
        for (int attempt = 0; attempt < 3000; attempt++) {
            Matcher matcher = line.matcher(Files.readString(log(name)));
            if (matcher.find()) {
                return matcher;
            }
            Thread.sleep(100);
        }
        throw new AssertionError("no line '" + line + "' in " + log(name));
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
