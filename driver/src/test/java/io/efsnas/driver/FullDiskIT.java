package io.efsnas.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A search whose run directory is on a disk that is too small for its checkpoints, and goes on when there is room. The
 * disk is a tmpfs that only the test's own processes see, in Linux namespaces of their own.
 */
class FullDiskIT {

    private static final Path LOGS = Path.of("target", "full-disk").toAbsolutePath();
    private static final List<String> IN_NAMESPACES = List.of("unshare", "--user", "--map-root-user", "--mount");
    /** Arguments: the disk, the launcher, the configuration, where the ranking goes. */
    private static final String SCRIPT =
            """
            mount -t tmpfs -o size=300k disk "$1" || exit
            "$2" search --master 'local[2]' --config "$3" --run-dir "$1/run"
            echo "first: $?"
            mount -o remount,size=64m "$1" || exit
            "$2" search --master 'local[2]' --config "$3" --run-dir "$1/run"
            echo "second: $?"
            cp "$1/run/ranking.csv" "$4"
            """;

    @TempDir
    private Path directory;

    @Test
    void fullDiskEndsASearchInOneLineAndLosesNothing() throws Exception {
        assumeTrue(mayMount(), "unshare is there, and the system lets its users mount");
        Path config = TinySearch.settings()
                .withTwoSupernets()
                .withIndependentSupernets()
                .with("training", "{ steps = 60, rounds = 6 }")
                .with("checkpoints.keep", 9) // more than fit on the disk
                .writeTo(directory);
        Path undisturbed = directory.resolve("undisturbed");
        CommandRun.search(config, undisturbed).succeeded();
        String disk = Files.createDirectory(directory.resolve("disk")).toString();
        Path ranking = directory.resolve("ranking.csv");
        TestProcesses processes = new TestProcesses(directory, LOGS);

        List<String> command =
                List.of("sh", "-c", SCRIPT, "sh", disk, TestProcesses.LAUNCHER, config.toString(), ranking.toString());
        processes
                .start("searches", inNamespaces(command), Map.of("EFSNAS_MEMORY", "1g"))
                .waitFor();

        List<String> log = Files.readAllLines(processes.log("searches"));
        assertThat(log.stream().filter(line -> line.matches("(efsnas|first|second): .*")))
                .satisfiesExactly(
                        line -> assertThat(line)
                                .startsWith("efsnas: ")
                                .contains("cannot write file:" + disk + "/run/")
                                .endsWith("No space left on device"),
                        line -> assertThat(line).isEqualTo("first: 1"),
                        line -> assertThat(line).isEqualTo("second: 0"));
        assertThat(log).as("what the second one says").anyMatch(line -> line.matches(".* resumes after round .*"));
        assertThat(ranking).hasSameBinaryContentAs(undisturbed.resolve("ranking.csv"));
    }

    private static List<String> inNamespaces(List<String> command) {
        return Stream.of(IN_NAMESPACES, command).flatMap(List::stream).toList();
    }

    private boolean mayMount() throws InterruptedException {
        try {
            String target = directory.toString();
            return new ProcessBuilder(inNamespaces(List.of("mount", "-t", "tmpfs", "disk", target)))
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        }
    }
}
