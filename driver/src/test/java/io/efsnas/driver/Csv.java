package io.efsnas.driver;

import io.efsnas.driver.storage.CsvFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;

/** Tables of a run directory. */
final class Csv {

    private Csv() {}

    /** Each row's values by the columns' names. */
    static List<Map<String, String>> rows(Path file) {
        try {
            FileSystem files = FileSystem.getLocal(new Configuration());
            return CsvFile.read(files, new org.apache.hadoop.fs.Path(file.toUri()), List.of(), row -> {
                Map<String, String> values = new LinkedHashMap<>();
                row.columns().forEach(column -> values.put(column, row.text(column)));
                return values;
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The same of {@code ranking.csv}. */
    static List<Map<String, String>> ranking(Path run) {
        return rows(run.resolve("ranking.csv"));
    }

    /** The architectures of {@code ranking.csv}, the best first. */
    static List<String> ranked(Path run) {
        return column(ranking(run), "architecture");
    }

    /** One column's value of each row. */
    static List<String> column(List<Map<String, String>> rows, String column) {
        return rows.stream().map(row -> row.get(column)).toList();
    }

    /** The values of all columns but some. */
    static List<Map<String, String>> without(List<Map<String, String>> rows, String... columns) {
        return rows.stream()
                .map(row -> {
                    Map<String, String> left = new LinkedHashMap<>(row);
                    left.keySet().removeAll(List.of(columns));
                    return left;
                })
                .toList();
    }
}
