package io.efsnas.driver.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Arrays;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {

    @TempDir
    private java.nio.file.Path directory;

    private FileSystem files;
    private Path path;

    @BeforeEach
    void locate() throws IOException {
        files = FileSystem.getLocal(new Configuration());
        path = new Path(directory.toUri().toString(), "result.csv");
    }

    @Test
    void writesTheContent() throws IOException {
        AtomicFile.write(files, path, bytes("first"));

        assertThat(content()).isEqualTo("first");
    }

    @Test
    void replacesAnEarlierFileAndLeavesNothingBeside() throws IOException {
        AtomicFile.write(files, path, bytes("first"));
        AtomicFile.write(files, path, bytes("second"));

        assertThat(content()).isEqualTo("second");
        assertThat(Arrays.stream(files.listStatus(path.getParent())).map(FileStatus::getPath))
                .extracting(Path::getName)
                .containsExactly("result.csv");
    }

    @Test
    void overwritesWhatAKilledRunLeft() throws IOException {
        Files.writeString(directory.resolve(".result.csv.tmp"), "half of the fi");

        AtomicFile.write(files, path, bytes("whole"));

        assertThat(content()).isEqualTo("whole");
        assertThat(directory.resolve(".result.csv.tmp")).doesNotExist();
    }

    @Test
    void makesTheDirectory() throws IOException {
        path = new Path(path.getParent(), "run/1/result.csv");

        AtomicFile.write(files, path, bytes("there"));

        assertThat(content()).isEqualTo("there");
    }

    @Test
    void takesARelativePath() throws IOException {
        files.setWorkingDirectory(path.getParent());

        AtomicFile.write(files, new Path("result.csv"), bytes("relative"));

        assertThat(content()).isEqualTo("relative");
    }

    @Test
    void failureNamesTheFileAndKeepsTheEarlierOne() throws IOException {
        AtomicFile.write(files, path, bytes("first"));
        Files.createDirectory(directory.resolve(".result.csv.tmp"));

        assertThatExceptionOfType(UncheckedIOException.class)
                .isThrownBy(() -> AtomicFile.write(files, path, bytes("second")))
                .withMessageStartingWith("cannot write " + path + ": ");
        assertThat(content()).isEqualTo("first");
    }

    private String content() throws IOException {
        try (var in = files.open(path)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
