package io.efsnas.driver.storage;

import com.univocity.parsers.common.TextParsingException;
import com.univocity.parsers.csv.CsvFormat;
import com.univocity.parsers.csv.CsvParser;
import com.univocity.parsers.csv.CsvParserSettings;
import com.univocity.parsers.csv.CsvWriter;
import com.univocity.parsers.csv.CsvWriterSettings;
import io.efsnas.driver.process.UserMistake;
import io.efsnas.storage.AtomicFile;
import java.io.BufferedWriter;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.commons.lang3.exception.ExceptionUtils;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * A table of comma-separated values in UTF-8 whose first line names the columns (RFC 4180). A value with a comma, a quote
 * or a line break within is in double quotes, and any may be; a byte order mark may begin the file, as spreadsheets write
 * it.
 */
public final class CsvFile {

    /** No line is a comment. */
    private static final char NO_COMMENT = '\0';

    /** Above it a double is not exact to the unit. */
    private static final double MOST_WHOLE = 1e15;

    private static final int UNLIMITED = -1;
    private static final int MOST_COLUMNS = 10_000;

    /** One line below the header. */
    public static final class Row {

        private final List<String> columns;
        private final Map<String, String> values = new HashMap<>();

        private Row(List<String> columns, String[] values) {
            this.columns = columns;
            if (values.length != columns.size()) {
                throw new IllegalArgumentException(
                        "there are " + values.length + " values for the " + columns.size() + " columns " + columns);
            }
            for (int i = 0; i < values.length; i++) {
                this.values.put(columns.get(i), values[i]);
            }
        }

        /** The table's columns, in its order. */
        public List<String> columns() {
            return columns;
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
         * A decimal number; not a number where the cell is empty.
         *
         * @throws IllegalArgumentException naming the column if the value is none
         */
        public double numberOrNone(String column) {
            return text(column).isEmpty() ? Double.NaN : doubleValue(column);
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

    /** A number as a cell: whole ones, such as counts, without a decimal point, and nothing for what is not finite. */
    public static Object number(double value) {
        if (!Double.isFinite(value)) {
            return "";
        }
        return value == Math.rint(value) && Math.abs(value) < MOST_WHOLE ? (Object) (long) value : (Object) value;
    }

    /**
     * Writes a table, in place of an earlier file. Doubles have all digits that tell two of them apart.
     *
     * @param rows the values of each row in the order of the columns
     * @throws UncheckedIOException naming the file if it cannot be written
     */
    public static void write(FileSystem files, Path path, List<String> columns, Stream<List<Object>> rows) {
        CsvWriterSettings settings = new CsvWriterSettings();
        configure(settings.getFormat());
        CsvWriter csv = new CsvWriter(settings);
        AtomicFile.write(files, path, out -> {
            BufferedWriter lines = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
            lines.write(csv.writeRowToString(columns));
            lines.write('\n');
            for (Iterator<List<Object>> all = rows.iterator(); all.hasNext(); ) {
                lines.write(csv.writeRowToString(all.next()));
                lines.write('\n');
            }
            lines.flush();
        });
    }

    /**
     * Reads every row of a table; blank lines are skipped.
     *
     * @param required the columns that the table must have, in any order and among others
     * @param reader makes a value of a row; what it refuses by an {@link IllegalArgumentException} is told with the file
     *     and line before its message
     * @throws UserMistake naming the file if it is not there, and the line from 1 if the table is malformed
     * @throws UncheckedIOException naming the file if it cannot be read
     */
    public static <T> List<T> read(FileSystem files, Path path, List<String> required, Function<Row, T> reader) {
        CsvParser csv = new CsvParser(parserSettings());
        try (InputStream in = files.open(path)) {
            csv.beginParsing(in, StandardCharsets.UTF_8);
            List<String> columns = header(csv.parseNext(), path, required);
            List<T> read = new ArrayList<>();
            while (true) {
                long line = csv.getContext() == null ? 1 : csv.getContext().currentLine() + 1;
                String[] values = csv.parseNext();
                if (values == null) {
                    return read;
                }
                if (!isBlank(values)) {
                    read.add(UserMistake.checking(
                            path + ", line " + line + ": ", () -> reader.apply(new Row(columns, values))));
                }
            }
        } catch (FileNotFoundException e) {
            throw new UserMistake(FileFailure.sentence("read", path, e), e);
        } catch (IOException e) {
            throw FileFailure.cannot("read", path, e);
        } catch (TextParsingException e) {
            IOException io = ExceptionUtils.throwableOfType(e, IOException.class);
            throw io == null
                    ? new UserMistake(
                            path + " cannot be read as comma-separated values from line" + " " + e.getLineIndex(), e)
                    : FileFailure.cannot("read", path, io);
        } finally {
            csv.stopParsing();
        }
    }

    private static List<String> header(String[] names, Path path, List<String> required) {
        List<String> columns = names == null ? List.of() : List.of(names);
        for (String column : required) {
            if (!columns.contains(column)) {
                throw new UserMistake(path + ", line 1: there is no column '" + column + "'; expected a header with "
                        + String.join(",", required));
            }
        }
        return columns;
    }

    private static boolean isBlank(String[] values) {
        return values.length == 1 && values[0].isEmpty();
    }

    private static CsvParserSettings parserSettings() {
        CsvParserSettings settings = new CsvParserSettings();
        configure(settings.getFormat());
        settings.setNullValue("");
        settings.setEmptyValue("");
        settings.setSkipEmptyLines(false); // so that lines are counted
        settings.setReadInputOnSeparateThread(false);
        settings.setMaxColumns(MOST_COLUMNS);
        settings.setMaxCharsPerColumn(UNLIMITED);
        return settings;
    }

    private static void configure(CsvFormat format) {
        format.setLineSeparator("\n");
        format.setComment(NO_COMMENT);
    }
}
