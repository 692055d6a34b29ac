package io.efsnas.driver.flow;

import io.efsnas.driver.process.UserMistake;
import io.efsnas.driver.storage.CsvFile;
import io.efsnas.measure.Measured;
import io.efsnas.space.SearchSpace;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** A table of measures: a row for each architecture; a measure that came to no finite number has an empty cell. */
public final class MeasuresFile {

    private static final String ARCHITECTURE = "architecture";

    private MeasuresFile() {}

    /** Writes a table, in place of an earlier file. */
    public static void write(
            FileSystem files, Path path, SearchSpace space, List<String> columns, Stream<Measured> measured) {
        CsvFile.write(files, path, header(columns), measured.map(each -> row(space, each)));
    }

    /**
     * Reads what {@link #write} wrote; an empty cell is not a number.
     *
     * @throws UserMistake naming the file and line of a malformed row
     */
    static List<Measured> read(FileSystem files, Path path, SearchSpace space, List<String> columns) {
        return CsvFile.read(
                files,
                path,
                header(columns),
                row -> new Measured(
                        space.parse(row.text(ARCHITECTURE)),
                        columns.stream().map(row::numberOrNone).toList()));
    }

    private static List<String> header(List<String> columns) {
        return Stream.concat(Stream.of(ARCHITECTURE), columns.stream()).toList();
    }

    private static List<Object> row(SearchSpace space, Measured measured) {
        List<Object> row = new ArrayList<>();
        row.add(space.format(measured.architecture()));
        measured.values().forEach(value -> row.add(CsvFile.number(value)));
        return row;
    }
}
