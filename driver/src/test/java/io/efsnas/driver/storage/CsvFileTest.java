package io.efsnas.driver.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.efsnas.driver.process.UserMistake;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.FilterFileSystem;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CsvFileTest {

    private record Item(String name, int small, long large, double share) {}

    private static final List<String> REQUIRED = List.of("name", "small", "large", "share");

    @TempDir
    private java.nio.file.Path directory;

    private FileSystem files;
    private Path path;

    @BeforeEach
    void locate() throws IOException {
        files = FileSystem.getLocal(new Configuration());
        path = new Path(directory.toUri().toString(), "items.csv");
    }

    @Test
    void columnsAreFoundByName() throws IOException {
        assertThat(read("share,more,name,large,small\r\n0.5, x ,a,5000000000,1\r\n\r\n1e-3,,b,-1,2"))
                .containsExactly(new Item("a", 1, 5_000_000_000L, 0.5), new Item("b", 2, -1, 0.001));
    }

    /** As spreadsheets write them. */
    @Test
    void byteOrderMarkAndQuotesAreNoPartOfAValue() throws IOException {
        assertThat(read("\uFEFF\"name\",\"small\",large,share\n\"a\",1, \"2\" ,0.5\n"))
                .containsExactly(new Item("a", 1, 2, 0.5));
    }

    @Test
    void hasTellsWhichColumnsThereAre() throws IOException {
        write("name,more\na,\n");

        assertThat(CsvFile.read(files, path, List.of("name"), row -> row.has("more") && !row.has("less")))
                .containsExactly(true);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '"',
            value = {
                "a,1,2,x; share must be a number, not 'x'",
                "a,1,2,; share must be a number, not ''",
                "a,1.5,2,3; small must be a whole number, not '1.5'",
                "a,5000000000,2,3; small must be a whole number, not '5000000000'",
                "a,1,2.0,3; large must be a whole number, not '2.0'",
                "a,1,2; there are 3 values for the 4 columns [name, small, large, share]",
                "a,1,2,3,4; there are 5 values for the 4 columns [name, small, large, share]",
            })
    void malformedRowIsNamedByFileAndLine(String row, String message) {
        assertThatExceptionOfType(UserMistake.class)
                .isThrownBy(() -> read("name,small,large,share\nok,1,2,3\n\n" + row + "\n"))
                .withMessage(path + ", line 4: " + message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {"''", "name,small,large", "a,1,2,3"})
    void missingColumnIsNamed(String header) {
        assertThatExceptionOfType(UserMistake.class)
                .isThrownBy(() -> read(header))
                .withMessageStartingWith(path + ", line 1: there is no column '")
                .withMessageEndingWith("'; expected a header with name,small,large,share");
    }

    @Test
    void missingFileIsNamed() {
        assertThatExceptionOfType(UserMistake.class)
                .isThrownBy(() -> CsvFile.read(files, path, REQUIRED, row -> row))
                .withMessageStartingWith("cannot read " + path);
    }

    @Test
    void whatIsWrittenIsReadBack() throws IOException {
        List<Item> items = List.of(
                new Item("a, \"b\"\nc", 1, 5_000_000_000L, 0.1),
                new Item("#", -1, 2, Double.NaN),
                new Item("", 0, 0, 1 / 3.0));

        CsvFile.write(
                files,
                path,
                REQUIRED,
                items.stream().map(item -> List.<Object>of(item.name(), item.small(), item.large(), item.share())));

        assertThat(Files.readString(directory.resolve("items.csv")))
                .startsWith("name,small,large,share\n\"a, \"\"b\"\"\nc\",1,5000000000,0.1\n")
                .endsWith(",0,0,0.3333333333333333\n");
        assertThat(CsvFile.read(files, path, REQUIRED, CsvFileTest::item)).isEqualTo(items);
    }

    @Test
    void linesAreCountedThroughValuesOfSeveral() {
        assertThatExceptionOfType(UserMistake.class)
                .isThrownBy(() -> read("name,small,large,share\n\"a\nb\",1,2,3\n\nc,x,2,3"))
                .withMessage(path + ", line 5: small must be a whole number, not 'x'");
    }

    @Test
    void aDiskThatFailsIsNoMistakeOfTheUser() throws IOException {
        write("name");
        FileSystem failing = new FilterFileSystem(files) {
            @Override
            public FSDataInputStream open(Path file) throws IOException {
                FSDataInputStream in = super.open(file);
                in.close();
                return in;
            }
        };

        assertThatExceptionOfType(UncheckedIOException.class)
                .isThrownBy(() -> CsvFile.read(failing, path, REQUIRED, row -> row))
                .withMessageStartingWith("cannot read " + path + ": ");
    }

    private List<Item> read(String content) throws IOException {
        write(content);
        return CsvFile.read(files, path, REQUIRED, CsvFileTest::item);
    }

    private static Item item(CsvFile.Row row) {
        return new Item(row.text("name"), row.intValue("small"), row.longValue("large"), row.doubleValue("share"));
    }

    private void write(String content) throws IOException {
        Files.writeString(directory.resolve("items.csv"), content);
    }
}
