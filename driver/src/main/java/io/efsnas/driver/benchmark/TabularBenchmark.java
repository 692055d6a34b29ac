package io.efsnas.driver.benchmark;

import io.efsnas.driver.process.UserMistake;
import io.efsnas.driver.storage.CsvFile;
import io.efsnas.space.Architecture;
import io.efsnas.space.SearchSpace;
import java.io.UncheckedIOException;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** The accuracies that architectures reach when each is trained by itself, in percent. Immutable. */
public final class TabularBenchmark {

    private static final String ARCHITECTURE = "architecture";
    private static final String TEST_ACCURACY = "test_accuracy";

    private final Map<Architecture, Double> accuracies;

    private TabularBenchmark(Map<Architecture, Double> accuracies) {
        this.accuracies = accuracies;
    }

    /**
     * Reads a table with the columns {@code architecture} and {@code test_accuracy}.
     *
     * @throws UserMistake naming the file and line of a malformed row or of an architecture's second one,
     *     or the file if it has no rows
     * @throws UncheckedIOException naming the file if it cannot be read
     */
    public static TabularBenchmark read(FileSystem files, Path path, SearchSpace space) {
        Map<Architecture, Double> accuracies = new HashMap<>();
        CsvFile.read(files, path, List.of(ARCHITECTURE, TEST_ACCURACY), row -> {
            Architecture architecture = space.parse(row.text(ARCHITECTURE));
            double accuracy = row.doubleValue(TEST_ACCURACY);
            if (!(accuracy >= 0 && accuracy <= 100)) {
                throw new IllegalArgumentException(TEST_ACCURACY + " must be from 0 to 100, not " + accuracy);
            }
            if (accuracies.put(architecture, accuracy) != null) {
                throw new IllegalArgumentException(space.format(architecture) + " is listed twice");
            }
            return architecture;
        });
        if (accuracies.isEmpty()) {
            throw new UserMistake(path + " lists no architectures");
        }
        if (accuracies.size() > 1 && Collections.max(accuracies.values()) <= 1) {
            throw new UserMistake(path + ": all of " + TEST_ACCURACY
                    + " are from 0 to 1, as if they were shares of 1; expected percent, from 0 to 100");
        }
        return new TabularBenchmark(accuracies);
    }

    /** The true accuracy of an architecture in percent; empty if it is not in the table. */
    public OptionalDouble accuracy(Architecture architecture) {
        Double accuracy = accuracies.get(architecture);
        return accuracy == null ? OptionalDouble.empty() : OptionalDouble.of(accuracy);
    }

    /** How many architectures the table has, at least 1. */
    public int size() {
        return accuracies.size();
    }

    /** The highest accuracy in the table, in percent. */
    public double best() {
        return Collections.max(accuracies.values());
    }
}
