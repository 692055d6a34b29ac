package io.efsnas.driver.benchmark;

import io.efsnas.driver.process.UserMistake;
import io.efsnas.driver.ranking.RankedSubnet;
import io.efsnas.driver.rule.Columns;
import io.efsnas.driver.rule.MeasuredSubnet;
import io.efsnas.driver.storage.CsvFile;
import io.efsnas.measure.Measures;
import io.efsnas.space.Architecture;
import io.efsnas.space.SearchSpace;
import java.io.UncheckedIOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * A table of what a search, or anything else, says of architectures, such as {@code ranking.csv}: a column {@code
 * architecture}, at least one of numbers, and perhaps {@code node} and {@code score}. Columns of other texts are passed over.
 */
public final class PredictionFile {

    private static final String ARCHITECTURE = "architecture";
    private static final String NODE = "node";
    private static final String SCORE = "score";
    private static final Set<String> NO_VALUES = Set.of(ARCHITECTURE, NODE, SCORE, "rank");

    private PredictionFile() {}

    /**
     * Reads a table. Without scores, the architectures were ranked by accuracy, or by the first column of numbers if there
     * is none.
     *
     * @throws UserMistake naming the file and line of a malformed row or of an architecture's second one, or the file if it
     *     has no numbers
     * @throws UncheckedIOException naming the file if it cannot be read
     */
    public static List<RankedSubnet> read(FileSystem files, Path path, SearchSpace space) {
        List<CsvFile.Row> rows = CsvFile.read(files, path, List.of(ARCHITECTURE), row -> row);
        List<String> columns = rows.isEmpty() ? List.of() : numbers(rows);
        String ranking = rows.isEmpty() || rows.get(0).has(SCORE)
                ? SCORE
                : columns.stream()
                        .filter(Predicate.isEqual(Columns.ACCURACY))
                        .findFirst()
                        .or(() -> columns.stream().findFirst())
                        .orElseThrow(() -> new UserMistake(
                                path + ": there is no column of numbers; expected some beside " + ARCHITECTURE));
        Set<Architecture> seen = new HashSet<>();
        return CsvFile.read(files, path, List.of(ARCHITECTURE), row -> {
            Architecture architecture = space.parse(row.text(ARCHITECTURE));
            if (!seen.add(architecture)) {
                throw new IllegalArgumentException(space.format(architecture) + " is listed twice");
            }
            MeasuredSubnet measured = new MeasuredSubnet(
                    architecture,
                    row.has(NODE) ? row.text(NODE) : "",
                    columns,
                    columns.stream().map(row::numberOrNone).toList());
            return new RankedSubnet(measured, ranking.equals(SCORE) ? row.doubleValue(SCORE) : measured.merit(ranking));
        });
    }

    /** The columns to be read: those that efsnas knows, and others that have nothing but numbers. */
    private static List<String> numbers(List<CsvFile.Row> rows) {
        List<String> known = Measures.known();
        return rows.get(0).columns().stream()
                .filter(column -> !NO_VALUES.contains(column))
                .filter(column -> known.contains(column)
                        || Columns.LEARNED.contains(column)
                        || rows.stream().allMatch(row -> isNumber(row, column)))
                .toList();
    }

    private static boolean isNumber(CsvFile.Row row, String column) {
        try {
            row.numberOrNone(column);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
