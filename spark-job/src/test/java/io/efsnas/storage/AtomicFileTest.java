package io.efsnas.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
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
        files = FileSystem.newInstanceLocal(new Configuration());
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

        assertThatExceptionOfType(UncheckedIOException.class)
                .isThrownBy(() -> AtomicFile.write(files, path, out -> {
                    out.write(bytes("sec"));
                    throw new IOException("no space left");
                }))
                .withMessage("cannot write " + path + ": no space left");
        assertThat(content()).isEqualTo("first");
        assertThat(files.listStatus(path.getParent())).hasSize(1);
    }

    @Test
    void leavesNoChecksumThatMightBelongToAnotherVersion() throws IOException {
        AtomicFile.write(files, path, bytes("first"));

        assertThat(directory.toFile().list()).containsExactly("result.csv");
    }

    @Test
    void createsOnlyWhatIsNotThere() throws IOException {
        assertThat(AtomicFile.create(files, path, bytes("first"))).isTrue();
        assertThat(AtomicFile.create(files, path, bytes("second"))).isFalse();

        assertThat(content()).isEqualTo("first");
    }

    @Test
    void replacesAFileOfAnObjectStore() throws IOException {
        useObjectStore();

        AtomicFile.write(files, path, bytes("first"));
        AtomicFile.write(files, path, bytes("second"));

        assertThat(content()).isEqualTo("second");
        assertThat(directory.toFile().list()).containsExactly("result.csv");
    }

    /** The one moment in which a file is lost, and what {@code README.md} says of it. */
    @Test
    void writerToAnObjectStoreThatDiesBetweenDeletingAndCopyingLeavesNoPartOfAFile() throws IOException {
        useObjectStore();
        AtomicFile.write(files, path, bytes("first"));
        ObjectStore.renaming = to -> {
            throw new Killed();
        };
        try {
            assertThatExceptionOfType(Killed.class).isThrownBy(() -> AtomicFile.write(files, path, bytes("second")));
        } finally {
            ObjectStore.renaming = to -> {};
        }

        assertThat(files.exists(path)).isFalse();
        AtomicFile.write(files, path, bytes("third"));
        assertThat(content()).isEqualTo("third");
    }

    private static final class Killed extends Error {
        private static final long serialVersionUID = 1;
    }

    private void useObjectStore() throws IOException {
        Configuration hadoop = new Configuration();
        ObjectStore.configure(hadoop::set);
        path = new Path("store://" + path.toUri().getPath());
        files = path.getFileSystem(hadoop);
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
