package io.efsnas.driver.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.efsnas.driver.CommandRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the command refuses; what it writes is tested with real models. */
class ExportCommandTest {

    @TempDir
    private Path directory;

    private CommandRun export(String format, Path output) {
        return CommandRun.of(
                "export",
                "--run-dir",
                directory.resolve("run").toString(),
                "--format",
                format,
                "--output",
                output.toString());
    }

    @Test
    void refusesAnUnknownFormat() {
        assertThat(export("tensorflow", directory.resolve("model.pb")).mistake())
                .isEqualTo("--format tensorflow is not accepted; expected onnx, pytorch, dl4j, safetensors");
    }

    @Test
    void refusesANameThatDoesNotSayTheFormat() {
        Path output = directory.resolve("model.pt");

        assertThat(export("pytorch", output).mistake())
                .isEqualTo("--output " + output + ": expected a name that ends with .py for --format pytorch");
    }

    @Test
    void refusesToReplaceTheWeightsBesideASource() throws IOException {
        Path weights = Files.writeString(directory.resolve("model.safetensors"), "mine");

        assertThat(export("pytorch", directory.resolve("model.py")).mistake())
                .isEqualTo("--output " + weights + " exists; give another file, or --overwrite to replace it");
        assertThat(weights).hasContent("mine");
    }

    @Test
    void saysHowToGetAModel() {
        assertThat(export("onnx", directory.resolve("model.onnx")).mistake())
                .isEqualTo("file:" + directory.resolve("run") + " has no model.json; run efsnas retrain, or give"
                        + " --architecture to export a subnet with the weights of its supernet");
    }
}
