package io.efsnas.driver.command;

import io.efsnas.space.Architecture;
import io.efsnas.space.SearchSpace;
import io.efsnas.storage.FileSystems;
import java.io.BufferedReader;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Files that list architectures in their space's text form, one a line; blank lines are passed over. */
final class ArchitectureList {

    private static final Logger log = LoggerFactory.getLogger(ArchitectureList.class);

    private ArchitectureList() {}

    /**
     * Reads a list; an architecture that is listed twice is read once, and one that is not connected, which no supernet
     * scores, is named in the log and passed over.
     *
     * @throws IllegalArgumentException naming file and line of an architecture that is malformed, or the file if it is
     *     missing or lists none that is connected
     * @throws UncheckedIOException if reading fails
     */
    static List<Architecture> read(Path file, SearchSpace space, Configuration hadoop) {
        Set<Architecture> architectures = new LinkedHashSet<>();
        try {
            FileSystem files = FileSystems.of(file, hadoop);
            try (BufferedReader lines =
                    new BufferedReader(new InputStreamReader(files.open(file), StandardCharsets.UTF_8))) {
                int number = 0;
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    number++;
                    if (line.isBlank()) {
                        continue;
                    }
                    Architecture architecture = parse(line, file, number, space);
                    if (space.connected(architecture)) {
                        architectures.add(architecture);
                    } else {
                        log.warn(
                                "{}, line {}: passed over, since the image does not reach the output of {}",
                                file,
                                number,
                                line.strip());
                    }
                }
            }
        } catch (FileNotFoundException e) {
            throw new IllegalArgumentException("cannot read " + file + ": " + e.getMessage(), e);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file + ": " + e.getMessage(), e);
        }
        if (architectures.isEmpty()) {
            throw new IllegalArgumentException(file + " lists no connected architectures");
        }
        return List.copyOf(architectures);
    }

    private static Architecture parse(String line, Path file, int number, SearchSpace space) {
        try {
            return space.parse(line);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(file + ", line " + number + ": " + e.getMessage(), e);
        }
    }
}
