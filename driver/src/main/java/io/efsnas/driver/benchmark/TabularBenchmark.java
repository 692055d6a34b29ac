package io.efsnas.driver.benchmark;

import io.efsnas.driver.process.UserMistake;
import io.efsnas.driver.storage.CsvFile;
import io.efsnas.space.Architecture;
import io.efsnas.space.SearchSpace;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.commons.codec.binary.Hex;
import org.apache.commons.codec.digest.DigestUtils;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** The accuracies that architectures reach when each is trained by itself, in percent. Immutable. */
public final class TabularBenchmark {

    private static final String ARCHITECTURE = "architecture";

    /** The column of accuracies that tables have, unless another one is asked for. */
    public static final String TEST_ACCURACY = "test_accuracy";

    private final Map<Architecture, Double> accuracies;
    private final List<String> columns;
    private final int repeatedRows;
    private final boolean fractions;

    private TabularBenchmark(
            Map<Architecture, Double> accuracies, List<String> columns, int repeatedRows, boolean fractions) {
        this.accuracies = accuracies;
        this.columns = columns;
        this.repeatedRows = repeatedRows;
        this.fractions = fractions;
    }

    /** A row: an architecture, and the accuracies of the times that it was trained. */
    private record Trained(Architecture architecture, List<Double> accuracies) {}

    /** Reads a table of test accuracies, as {@link #read(FileSystem, Path, SearchSpace, String)} does. */
    public static TabularBenchmark read(FileSystem files, Path path, SearchSpace space) {
        return read(files, path, space, TEST_ACCURACY);
    }

    /**
     * Reads a table with a column {@code architecture} and columns of accuracies: one of the name given, or one a seed whose
     * names begin with it and {@code _}, or both. The accuracy of an architecture is the mean of all its cells that are
     * not empty, in all its rows. If none in the table exceeds 1, all are fractions; otherwise they are in percent.
     *
     * @throws UserMistake naming the file and line of a malformed row, or the file if it has no rows
     * @throws UncheckedIOException naming the file if it cannot be read
     */
    public static TabularBenchmark read(FileSystem files, Path path, SearchSpace space, String name) {
        String ofASeed = name + "_";
        Set<String> columns = new LinkedHashSet<>();
        List<Trained> rows = CsvFile.read(files, path, List.of(ARCHITECTURE), row -> {
            row.columns().stream()
                    .filter(column -> column.equals(name) || column.startsWith(ofASeed))
                    .forEachOrdered(columns::add);
            if (columns.isEmpty()) {
                throw new UserMistake(path + ", line 1: there is no column '" + name + "'; expected a header with "
                        + ARCHITECTURE + "," + name + ", or with columns " + ofASeed + "SEED");
            }
            return trained(row, columns, space);
        });
        if (rows.isEmpty()) {
            throw new UserMistake(path + " lists no architectures");
        }
        boolean fractions =
                rows.stream().flatMap(row -> row.accuracies().stream()).allMatch(accuracy -> accuracy <= 1);
        int scale = fractions ? 100 : 1;
        Map<Architecture, Double> means = rows.stream()
                .collect(Collectors.groupingBy(
                        Trained::architecture,
                        Collectors.flatMapping(
                                row -> row.accuracies().stream(),
                                Collectors.averagingDouble(accuracy -> scale * accuracy))));
        return new TabularBenchmark(means, List.copyOf(columns), rows.size() - means.size(), fractions);
    }

    private static Trained trained(CsvFile.Row row, Set<String> columns, SearchSpace space) {
        Architecture architecture = space.parse(row.text(ARCHITECTURE));
        List<Double> accuracies = columns.stream()
                .filter(column -> !row.text(column).isEmpty())
                .map(column -> accuracy(row, column))
                .toList();
        if (accuracies.isEmpty()) {
            throw new IllegalArgumentException("there is no number in " + String.join(", ", columns));
        }
        return new Trained(architecture, accuracies);
    }

    private static double accuracy(CsvFile.Row row, String column) {
        double accuracy = row.doubleValue(column);
        if (!(accuracy >= 0 && accuracy <= 100)) {
            throw new IllegalArgumentException(column + " must be from 0 to 100, not " + accuracy);
        }
        return accuracy;
    }

    /** The true accuracy of an architecture in percent; empty if it is not in the table. */
    public OptionalDouble accuracy(Architecture architecture) {
        Double accuracy = accuracies.get(architecture);
        return accuracy == null ? OptionalDouble.empty() : OptionalDouble.of(accuracy);
    }

    /** The architectures of the table, in their order. */
    public List<Architecture> architectures() {
        return accuracies.keySet().stream().sorted().toList();
    }

    /** A hash of all that it says, so that another table is known from it. */
    public String fingerprint() {
        MessageDigest digest = DigestUtils.getSha256Digest();
        architectures()
                .forEach(architecture ->
                        DigestUtils.updateDigest(digest, architecture + " " + accuracies.get(architecture) + "\n"));
        return Hex.encodeHexString(digest.digest());
    }

    /** How many architectures the table has, at least 1. */
    public int size() {
        return accuracies.size();
    }

    /** The highest accuracy in the table, in percent. */
    public double best() {
        return Collections.max(accuracies.values());
    }

    /** The columns of accuracies, in the order of the table. */
    public List<String> columns() {
        return columns;
    }

    /** How many rows are further ones of an architecture that an earlier row has. */
    public int repeatedRows() {
        return repeatedRows;
    }

    /** Whether the table has fractions, from 0 to 1, and not percent. */
    public boolean fractions() {
        return fractions;
    }
}
