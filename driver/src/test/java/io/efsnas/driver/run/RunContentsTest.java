package io.efsnas.driver.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.efsnas.driver.CommandRun;
import io.efsnas.driver.process.UserMistake;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunContentsTest {

    @TempDir
    private Path directory;

    private RunContents contents() {
        return new RunContents(new RunDirectory(directory.toString(), new Configuration()));
    }

    @Test
    void directoryOfSomebodyElseIsRefused() throws IOException {
        Files.writeString(directory.resolve("thesis.txt"), "x");
        Files.writeString(directory.resolve("rounds.json"), "[]");

        assertThatExceptionOfType(UserMistake.class)
                .isThrownBy(contents()::requireNoOthers)
                .withMessage("the directory file:" + directory
                        + " is neither empty nor a run directory: it has thesis.txt; give another, or"
                        + " --allow-other-files to put results beside them");
        assertThat(CommandRun.of("search", "--set", "data.train=[none]", "--run-dir", directory.toString())
                        .mistake())
                .contains("neither empty nor a run directory: it has thesis.txt");
        assertThat(directory.toFile().list()).containsExactlyInAnyOrder("thesis.txt", "rounds.json");
    }

    @Test
    void whatSplitsAndChoicesSayIsOfARun() {
        assertThat(List.of("split-root.json", "choice-root.json", "choice-1.2.json"))
                .allMatch(RunContents::isOwnName);
        assertThat(RunContents.isOwnName("choice-mine.json")).isFalse();
    }

    /** Without search.json a search starts from its checkpoints. */
    @ParameterizedTest
    @ValueSource(strings = {"search.json", "lease.json", "rounds.json", "scores.csv"})
    void directoryOfARunIsNot(String file) throws IOException {
        Files.writeString(directory.resolve(file), "");
        Files.createDirectories(directory.resolve("checkpoints"));
        contents().requireNoOthers();

        Files.writeString(directory.resolve("search.json"), "{}");
        Files.writeString(directory.resolve("thesis.txt"), "x");
        contents().requireNoOthers();
    }

    @Test
    void directoryThatIsNotThereIsNot() throws IOException {
        Files.delete(directory);

        contents().requireNoOthers();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "search.json",
                "ranking.parquet",
                "report.html",
                "model.zip",
                "model.safetensors",
                "scores.csv",
                "checkpoints/supernet-root/mean-00000009-0-of-2.safetensors",
                "tensorboard/supernet-0.1/events.out.tfevents.efsnas"
            })
    void ownNames(String name) {
        assertThat(RunContents.isOwnName(name)).isTrue();
        assertThat(RunContents.isOwnName("my-" + name)).isFalse();
    }

    /** That of several workers' means among them, which a run has if it was killed. */
    @Test
    void removesWhatIsInFoldersOfItsOwn() throws IOException {
        Path means = Files.createDirectories(directory.resolve("checkpoints/supernet-root"));
        Path curves = Files.createDirectories(directory.resolve("tensorboard/finalist-3"));
        Files.writeString(means.resolve("mean-00000009-0-of-1.safetensors"), "x");
        Files.writeString(curves.resolve("events.out.tfevents.efsnas"), "x");

        assertThat(contents().remove()).isEmpty();

        assertThat(directory).doesNotExist();
    }
}
