package io.efsnas.driver;

import static org.assertj.core.api.Assertions.assertThat;

import io.efsnas.checkpoint.Safetensors;
import io.efsnas.driver.run.ModelRecord;
import io.efsnas.supernet.SupernetState.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.commons.io.FileUtils;
import org.apache.commons.lang3.ArrayUtils;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Small models that libtorch trains on embedded Spark over the bundled images. */
class LibtorchRetrainIT {

    /** Its convolution leads nowhere. */
    private static final String DEAD_CONVOLUTION = "|nor_conv_3x3~0|+|none~0|none~1|+|nor_conv_1x1~0|none~1|none~2|";

    @TempDir
    private static Path directory;

    private static Path run;
    private static CommandRun search;

    @BeforeAll
    static void searchAndRetrain() throws IOException {
        Path config = TinySearch.settings()
                .withIndependentSupernets()
                .with("training", "{ steps = 3, rounds = 1 }")
                .with("scoring.architectures", 2)
                .with("retrain", "{ enabled = true, engine = libtorch, epochs = 2, batch = 32, dropout = 0.1 }")
                .writeTo(directory);
        run = directory.resolve("run");
        search = CommandRun.search(config, run, "--master", "local[1]").succeeded();
    }

    private static CommandRun retrain(Path output, String... further) {
        return CommandRun.retrain(run, output, ArrayUtils.addAll(further, "--master", "local[1]"));
    }

    private static ModelRecord about(Path output) {
        return Runs.in(output).model().orElseThrow();
    }

    private static Safetensors.Content model(Path output) throws IOException {
        return Safetensors.read(Files.readAllBytes(output.resolve("model.safetensors")));
    }

    private static long learnedValues(Map<String, Tensor> tensors) {
        return tensors.entrySet().stream()
                .filter(named -> !named.getKey().contains(".running_"))
                .mapToLong(named -> named.getValue().values().length)
                .sum();
    }

    @Test
    void aSearchEndsWithAModelAndWhatDescribesIt() throws IOException {
        ModelRecord about = about(run);

        assertThat(search.out()).contains("retrained  test accuracy", "model      file:" + run + "/model.safetensors");
        assertThat(run.resolve("report.html")).content().contains("The model trained from scratch");
        assertThat(about.architecture())
                .isEqualTo(Runs.in(run).selection().orElseThrow().architecture());
        assertThat(about.engine()).isEqualTo("libtorch");
        assertThat(about.workers()).isEqualTo(1);
        assertThat(about.history()).hasSize(2);
        assertThat(about.history().get(1).testAccuracy()).isEqualTo(about.testAccuracy());
        assertThat(about.producedBy().config().at("/retrain/dropout").asDouble())
                .isEqualTo(0.1);
    }

    @Test
    void theModelIsWeightsAndWhatTheyAreOf() throws IOException {
        Safetensors.Content model = model(run);

        assertThat(model.metadata())
                .containsEntry("architecture", about(run).architecture())
                .containsEntry("space", "nas-bench-201")
                .containsEntry("channels", "2")
                .containsEntry("image", "1x4x4");
        assertThat(model.tensors().keySet())
                .contains("stem.conv.weight", "stem.norm.running_mean", "classifier.bias")
                .noneMatch(name -> name.startsWith("momentum."));
    }

    @Test
    void theSameRetrainingHasTheSameBits() throws IOException {
        Path again = directory.resolve("again");

        retrain(again).succeeded();

        assertThat(again.resolve("model.safetensors")).hasSameBinaryContentAs(run.resolve("model.safetensors"));
    }

    @Test
    void aRetrainingThatWasCutShortResumesToTheSameModel() throws IOException {
        Path cut = directory.resolve("cut");
        FileUtils.copyDirectory(
                run.resolve("retraining").toFile(), cut.resolve("retraining").toFile());
        Files.delete(cut.resolve("retraining/epoch-0002.safetensors"));

        retrain(cut).succeeded();

        assertThat(cut.resolve("model.safetensors")).hasSameBinaryContentAs(run.resolve("model.safetensors"));
    }

    @Test
    void tellsCostsByBothConventions() throws IOException {
        Path output = directory.resolve("dead");

        retrain(output, "--architecture", DEAD_CONVOLUTION, "--set", "retrain.epochs=1")
                .succeeded();

        ModelRecord about = about(output);
        assertThat(about.liveParameters())
                .isLessThan(about.parameters())
                .isEqualTo(learnedValues(model(output).tensors()));
        assertThat(about.liveFlops()).isLessThan(about.flops());
    }

    @Test
    void saysSoWhenTheLossIsNoLongerANumber() {
        Path output = directory.resolve("diverging");
        CommandRun diverging = retrain(output, "--set", "retrain.learning-rate.initial=1e30");

        assertThat(diverging.status()).isEqualTo(1);
        assertThat(diverging.err())
                .contains("efsnas: retraining, epoch 1: the loss is no longer a number; lower"
                        + " retrain.learning-rate.initial")
                .doesNotContain("\tat ");
        assertThat(output.resolve("retraining/progress.json"))
                .as("what would refuse another rate")
                .doesNotExist();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    retrain.batch=16       | batch is 32 there and 16 here; set them alike, or give another --output
                    retrain.dropout=0      | dropout is 0.1 there and 0.0 here; set them alike, or give another --output
                    retrain { engine=dl4j, dropout=0 } | engine is libtorch there and dl4j here; set them alike, or give another --output
                    """)
    void refusesToReplaceAModelOfOtherSettings(String setting, String difference) {
        List<String> arguments = new ArrayList<>();
        for (String one : setting.replaceFirst("retrain \\{ (.*), (.*) }", "retrain.$1;retrain.$2")
                .split(";")) {
            arguments.addAll(List.of("--set", one));
        }

        assertThat(retrain(run, arguments.toArray(String[]::new)).mistake())
                .isEqualTo("file:" + run + "/retraining holds a retraining with other settings: " + difference);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    retrain.workers=2             | retrain.workers: 2 is not accepted; with retrain.engine = libtorch, which trains with one worker, expected auto or 1
                    retrain.mode=gradient-sharing | retrain.mode: "gradient-sharing" is not accepted; with retrain.engine = libtorch, which trains with one worker, expected parameter-averaging
                    retrain.engine=dl4j           | retrain.dropout: 0.1 is not accepted by the engine dl4j, which has none (it is configured); expected 0, or retrain.engine = vector or libtorch
                    """)
    void refusesWhatTheEngineCannotDo(String setting, String line) {
        assertThat(retrain(directory.resolve("refused"), "--set", setting).mistake())
                .startsWith(line);
    }

    @Test
    void whoDoesNotHaveItIsToldWhatToAdd() throws Exception {
        Path log = directory.resolve("without.log");
        List<String> command = TestProcesses.java();
        String classPath = System.getProperty("efsnas.jar") + ":" + TestProcesses.SPARK_JARS;
        command.addAll(List.of("-cp", classPath, "io.efsnas.driver.Main", "retrain", "--run-dir", run.toString()));
        command.addAll(List.of("--output", directory.resolve("without").toString()));
        Process without = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();

        assertThat(without.waitFor(5, TimeUnit.MINUTES)).isTrue();

        assertThat(without.exitValue()).as(Files.readString(log)).isEqualTo(2);
        assertThat(Files.readAllLines(log).stream()
                        .filter(line -> line.startsWith("efsnas: "))
                        .collect(Collectors.toList()))
                .containsExactly("efsnas: retrain.engine: libtorch needs libtorch on the class path: add"
                        + " efsnas-libtorch.jar, on a cluster by --jars");
    }
}
