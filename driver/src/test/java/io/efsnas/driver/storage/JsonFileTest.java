package io.efsnas.driver.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import io.efsnas.driver.process.UserMistake;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

    private record Values(
            @JsonProperty(required = true) List<Integer> values, @JsonProperty(required = true) Inner inner) {}

    private record Inner(@JsonProperty(required = true) String text) {}

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '~',
            value = {
                "~~; it is empty",
                "{\"values\": [1,; it is not JSON from line 1, column 15",
                "{}; it has no values",
                "{\"values\": [1], \"inner\": {}}; it has no inner.text",
                "{\"values\": [\"x\"]}; values.[0] has a value of the wrong type",
                "[]; it has a value of the wrong type"
            })
    void damageIsNamedInOneLine(String content, String reason) throws IOException {
        Files.writeString(directory.resolve("values.json"), content);

        assertThatExceptionOfType(UserMistake.class)
                .isThrownBy(() -> JsonFile.read(files, path, new TypeReference<Values>() {}))
                .withMessage(path + " is damaged: " + reason + "; remove it, and the command that wrote it writes it"
                        + " again");
    }

    @Test
    void keysThatAreRequired() throws IOException {
        Files.writeString(directory.resolve("values.json"), "{\"a\": {\"b\": 1, \"c\": null}}");
        JsonNode json = JsonFile.read(files, path).orElseThrow();

        JsonFile.require(path, json, "/a/b");
        for (String missing : List.of("c", "d")) {
            assertThatExceptionOfType(UserMistake.class)
                    .isThrownBy(() -> JsonFile.require(path, json, "/a/" + missing))
                    .withMessageStartingWith(path + " is damaged: it has no a." + missing + ";");
        }
    }
}
