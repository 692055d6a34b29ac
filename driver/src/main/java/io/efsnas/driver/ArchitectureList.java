package io.efsnas.driver;

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

/** Files that list architectures in their space's text form, one a line; blank lines are passed over. */
final class ArchitectureList {

    private ArchitectureList() {}

    /**
     * Reads a list; an architecture that is listed twice is read once.
     *
     * @throws IllegalArgumentException naming file and line of an architecture that is malformed or not connected, or the
     *     file if it is missing or lists none
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
                    if (!line.isBlank()) {
                        architectures.add(parse(line, file, number, space));
                    }
                }
            }
        } catch (FileNotFoundException e) {
            throw new IllegalArgumentException("cannot read " + file + ": " + e.getMessage(), e);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file + ": " + e.getMessage(), e);
        }
        if (architectures.isEmpty()) {
            throw new IllegalArgumentException(file + " lists no architectures");
        }
        return List.copyOf(architectures);
    }

    private static Architecture parse(String line, Path file, int number, SearchSpace space) {
        try {
            Architecture architecture = space.parse(line);
            if (!space.connected(architecture)) {
                throw new IllegalArgumentException("the image does not reach the output of " + line.strip());
            }
            return architecture;
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(file + ", line " + number + ": " + e.getMessage(), e);
        }
    }
}
