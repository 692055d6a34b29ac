package io.efsnas.driver.storage;

import io.efsnas.driver.process.UserMistake;
import java.io.BufferedReader;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * A table of comma-separated values in UTF-8 whose first line names the columns. Values may be in double quotes, as
 * spreadsheets write them, but have no commas or quotes within, as no text form of an architecture has; and a byte order
 * mark may begin the file.
 */
public final class CsvFile {

    private static final String BYTE_ORDER_MARK = "\uFEFF";
    private static final Pattern QUOTED = Pattern.compile("^\"([^\"]*)\"$");

    /** One line below the header. */
    public static final class Row {
        private final Map<String, String> values = new HashMap<>();

        private Row(List<String> columns, List<String> values) {
            if (values.size() != columns.size()) {
                throw new IllegalArgumentException(
                        "there are " + values.size() + " values for the " + columns.size() + " columns " + columns);
            }
            for (int i = 0; i < values.size(); i++) {
                this.values.put(columns.get(i), values.get(i));
            }
        }

        /** Whether the table has the column. */
        public boolean has(String column) {
            return values.containsKey(column);
        }

        public String text(String column) {
            return values.get(column);
        }

        /**
         * A decimal number.
         *
         * @throws IllegalArgumentException naming the column if the value is none
         */
        public double doubleValue(String column) {
            return parse(column, Double::parseDouble, "a number");
        }

        /**
         * A whole number of 32 bits.
         *
         * @throws IllegalArgumentException naming the column if the value is none
         */
        public int intValue(String column) {
            return parse(column, Integer::parseInt, "a whole number");
        }

        /**
         * A whole number of 64 bits.
         *
         * @throws IllegalArgumentException naming the column if the value is none
         */
        public long longValue(String column) {
            return parse(column, Long::parseLong, "a whole number");
        }

        private <T> T parse(String column, Function<String, T> parser, String accepted) {
            try {
                return parser.apply(text(column));
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException(column + " must be " + accepted + ", not '" + text(column) + "'", e);
            }
        }
    }

    private CsvFile() {}

    /**
     * Reads every row of a table; blank lines are passed over.
     *
     * @param required the columns that the table must have, in any order and among others
     * @param reader makes a value of a row; an {@link IllegalArgumentException} of its is thrown on with the file and
     *     line before its message
     * @throws UserMistake naming the file if it is not there, and the line from 1 if the table is malformed
     * @throws UncheckedIOException naming the file if it cannot be read
     */
    public static <T> List<T> read(FileSystem files, Path path, List<String> required, Function<Row, T> reader) {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(files.open(path), StandardCharsets.UTF_8))) {
            List<String> columns = header(lines.readLine(), path, required);
            List<T> read = new ArrayList<>();
            int number = 2;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (!line.isBlank()) {
                    try {
                        read.add(reader.apply(new Row(columns, split(line))));
                    } catch (IllegalArgumentException e) {
                        throw new UserMistake(path + ", line " + number + ": " + e.getMessage(), e);
                    }
                }
                number++;
            }
            return read;
        } catch (FileNotFoundException e) {
            throw new UserMistake("cannot read " + path + ": " + e.getMessage(), e);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + path + ": " + e.getMessage(), e);
        }
    }

    private static List<String> header(String line, Path path, List<String> required) {
        List<String> columns =
                line == null ? List.of() : split(line.startsWith(BYTE_ORDER_MARK) ? line.substring(1) : line);
        for (String column : required) {
            if (!columns.contains(column)) {
                throw new UserMistake(path + ", line 1: there is no column '" + column + "'; expected a header with "
                        + String.join(",", required));
            }
        }
        return columns;
    }

    private static List<String> split(String line) {
        return Arrays.stream(line.split(",", -1))
                .map(String::strip)
                .map(value -> QUOTED.matcher(value).replaceFirst("$1"))
                .toList();
    }
}
