package io.efsnas.driver.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.core.type.TypeReference;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JsonFileTest {

    @TempDir
    private java.nio.file.Path directory;

    private FileSystem files;
    private Path path;

    @BeforeEach
    void locate() throws IOException {
        files = FileSystem.getLocal(new Configuration());
        path = new Path(directory.toUri().toString(), "values.json");
    }

    @Test
    void comesBackAsItWasWritten() {
        JsonFile.write(files, path, Map.of("values", List.of(1, 2)));

        assertThat(JsonFile.read(files, path, new TypeReference<Map<String, List<Integer>>>() {}))
                .contains(Map.of("values", List.of(1, 2)));
        assertThat(JsonFile.read(files, path).orElseThrow().at("/values/1").asInt())
                .isEqualTo(2);
    }

    @Test
    void isEmptyWithoutAFile() {
        assertThat(JsonFile.read(files, path)).isEmpty();
    }

    @Test
    void damageIsNamedInOneLine() throws IOException {
        Files.writeString(directory.resolve("values.json"), "{\"values\": [1,");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> JsonFile.read(files, path))
                .withMessageStartingWith(path + " is damaged: ")
                .withMessageNotContaining("\n");
    }
}
