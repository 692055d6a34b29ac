package io.efsnas.driver.command;

import io.efsnas.driver.process.UserMistake;
import io.efsnas.driver.storage.FileFailure;
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

/** Files that list architectures in their space's text form, one a line; blank lines are skipped. */
final class ArchitectureList {

    private static final Logger log = LoggerFactory.getLogger(ArchitectureList.class);

    private ArchitectureList() {}

    /**
     * Reads a list; an architecture that is listed twice is read once, and one that is not connected, which no supernet
     * scores, is named in the log and passed over.
     *
     * @param named the file as {@code --architectures} names it
     * @throws UserMistake naming file and line of an architecture that is malformed, or the file if it is
     *     missing or lists none that is connected
     * @throws UncheckedIOException if reading fails
     */
    static List<Architecture> read(String named, SearchSpace space, Configuration hadoop) {
        Path file = UserMistake.checking(() -> FileSystems.path("--architectures", named));
        Set<Architecture> architectures = new LinkedHashSet<>();
        try {
            FileSystem files = UserMistake.checking(() -> FileSystems.of(file, hadoop));
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
                                "{}, line {}: skipped, since the image does not reach the output of {}",
                                file,
                                number,
                                line.strip());
                    }
                }
            }
        } catch (FileNotFoundException e) {
            throw new UserMistake(FileFailure.sentence("read", file, e), e);
        } catch (IOException e) {
            throw FileFailure.cannot("read", file, e);
        }
        if (architectures.isEmpty()) {
            throw new UserMistake(file + " lists no connected architectures");
        }
        return List.copyOf(architectures);
    }

    private static Architecture parse(String line, Path file, int number, SearchSpace space) {
        return UserMistake.checking(file + ", line " + number + ": ", () -> space.parse(line));
    }
}
