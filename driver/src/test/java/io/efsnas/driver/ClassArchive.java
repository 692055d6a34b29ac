package io.efsnas.driver;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;

/**
 * Classes of Spark in a file that JVMs map instead of loading and verifying them again, which takes a third of the
 * processor time of a small search. The first test that starts a process makes it, by such a search, unless an earlier
 * build with the same Spark has left it. It serves JVMs whose class path begins with Spark's jars; the others do without,
 * and say nothing.
 */
final class ClassArchive {

    private static final Path DIRECTORY = Path.of("target", "class-archive").toAbsolutePath();

    /** Settings with which Spark puts its jars before its folder of settings, since archives accept no folder. */
    static final String SPARK_SETTINGS =
            """
            spark.driver.extraClassPath %s
            spark.executor.extraClassPath %<s
            """
                    .formatted(TestProcesses.SPARK_JARS);

    /** Spark's folder of settings for processes that have none of their own. */
    static final Path SPARK_CONF = DIRECTORY.resolve("conf");

    /** Options of a JVM that uses it. */
    static final String OPTIONS =
            "-XX:SharedArchiveFile=%s -Xshare:auto -Xlog:cds=off -Xlog:cds+dynamic=off".formatted(made());

    private ClassArchive() {}

    /** Both JVMs that run tests ask for it: the second one waits until the first one has made it. */
    private static Path made() {
        Path archive = DIRECTORY.resolve("spark.jsa");
        try {
            Files.createDirectories(SPARK_CONF);
            try (FileChannel channel = FileChannel.open(
                            DIRECTORY.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock ignored = channel.lock()) {
                if (!isOfTheseJars(archive)) {
                    Files.writeString(SPARK_CONF.resolve("spark-defaults.conf"), SPARK_SETTINGS);
                    make(archive);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return archive;
    }

    private static boolean isOfTheseJars(Path archive) throws IOException {
        if (!Files.exists(archive)) {
            return false;
        }
        FileTime made = Files.getLastModifiedTime(archive);
        Path jars = TestProcesses.SPARK_HOME.resolve("jars");
        try (Stream<Path> files = Files.list(jars)) {
            for (Path file : Stream.concat(Stream.of(jars), files).toList()) {
                if (Files.getLastModifiedTime(file).compareTo(made) > 0) {
                    return false;
                }
            }
        }
        return true;
    }

    private static void make(Path archive) throws IOException, InterruptedException {
        Path run = DIRECTORY.resolve("run");
        Path written = DIRECTORY.resolve("written.jsa");
        FileUtils.deleteDirectory(run.toFile());
        Files.deleteIfExists(written);
        List<String> command = new ArrayList<>(TestProcesses.java());
        command.addAll(List.of(
                "-XX:ArchiveClassesAtExit=" + written,
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--add-modules=jdk.incubator.vector",
                "-cp",
                TestProcesses.SPARK_JARS,
                "org.apache.spark.deploy.SparkSubmit",
                "--master",
                "local[2]",
                "--conf",
                "spark.ui.enabled=false",
                "--class",
                "io.efsnas.driver.Main",
                System.getProperty("efsnas.jar"),
                "search",
                "--config",
                TinySearch.settings().writeTo(DIRECTORY).toString(),
                "--run-dir",
                run.toString()));
        Path log = DIRECTORY.resolve("search.log");
        ProcessBuilder search =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        search.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
        int status = search.start().waitFor();
        if (status != 0) {
            throw new IllegalStateException("the search that makes the archive of classes failed; see " + log);
        }
        FileUtils.deleteDirectory(run.toFile());
        if (Files.exists(written)) { // not by a JVM that has no archive of its own classes
            Files.move(written, archive, StandardCopyOption.REPLACE_EXISTING);
        }
    }
}
