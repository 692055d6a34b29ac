package io.efsnas.driver;

import com.fasterxml.jackson.databind.JsonNode;
import io.efsnas.driver.run.RunDirectory;
import io.efsnas.driver.storage.Json;
import io.efsnas.job.RoundReport;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;
import org.apache.hadoop.conf.Configuration;

/** Run directories of tests. */
final class Runs {

    private Runs() {}

    /** What its files say. */
    static RunDirectory in(Path run) {
        return new RunDirectory(run.toString(), new Configuration());
    }

    /** The reports of all rounds, one round after the other, and of each in the order of the supernets' ids. */
    static List<RoundReport> rounds(Path run) {
        return in(run).rounds().stream()
                .sorted(Comparator.comparingInt(RoundReport::round)
                        .thenComparing(report -> report.metrics().node()))
                .toList();
    }

    /** The reports of a supernet. */
    static List<RoundReport> rounds(Path run, String node) {
        return rounds(run).stream()
                .filter(report -> report.metrics().node().equals(node))
                .toList();
    }

    /** Whether a supernet has a checkpoint of the middle of a round. */
    static boolean hasUnfinishedRound(Path run, String node) {
        return Stream.ofNullable(
                        run.resolve("checkpoints/supernet-" + node).toFile().list())
                .flatMap(Stream::of)
                .anyMatch(name -> name.startsWith("unfinished-") && name.endsWith(".safetensors"));
    }

    /** A file for a test of how it is written. */
    static JsonNode json(Path file) throws IOException {
        return Json.MAPPER.readTree(file.toFile());
    }

    /**
     * A copy beside the run, as if the run had been killed earlier.
     *
     * @param name of the copy, which replaces a former one
     * @param without files and folders that the copy lacks and the run has
     */
    static Path copy(Path run, String name, String... without) throws IOException {
        Path copy = run.resolveSibling(name);
        FileUtils.deleteDirectory(copy.toFile());
        FileUtils.copyDirectory(run.toFile(), copy.toFile());
        for (String lost : without) {
            FileUtils.forceDelete(copy.resolve(lost).toFile());
        }
        return copy;
    }
}
