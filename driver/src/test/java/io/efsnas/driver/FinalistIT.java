package io.efsnas.driver;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.efsnas.checkpoint.Safetensors;
import io.efsnas.data.format.ImageSet;
import io.efsnas.driver.config.SearchConfig;
import io.efsnas.driver.flow.SearchPlan;
import io.efsnas.driver.run.FinalistsRecord;
import io.efsnas.driver.run.FinalistsRecord.Finalist;
import io.efsnas.driver.run.FinalistsRecord.State;
import io.efsnas.driver.run.ModelRecord;
import io.efsnas.supernet.SupernetState.Tensor;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;
import org.apache.commons.lang3.ArrayUtils;
import org.apache.commons.lang3.math.NumberUtils;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The first of a ranking trained side by side on embedded Spark, and the best of them kept. */
class FinalistIT {

    @TempDir
    private static Path directory;

    private static Path run;
    private static CommandRun search;

    @BeforeAll
    static void searchAndRetrain() throws IOException {
        Path config = TinySearch.settings()
                .withIndependentSupernets()
                .with("training", "{ steps = 3, rounds = 1 }")
                .with("scoring.architectures", 3)
                .with(
                        "retrain",
                        "{ enabled = true, top = 3, halving = [3, 1], epochs = 4, batch = 32, held-out = 60, average-decay = 0.9 }")
                .writeTo(directory);
        run = directory.resolve("run");
        search = CommandRun.search(config, run).succeeded();
    }

    private static CommandRun retrain(Path output, String... further) {
        return CommandRun.retrain(run, output, ArrayUtils.addAll(further, "--master", "local[2]"));
    }

    private static List<Finalist> finalists(Path output) {
        return Runs.in(output).finalists().orElseThrow().finalists();
    }

    private static Finalist winner(Path output) {
        return finalists(output).stream()
                .filter(finalist -> finalist.state() == State.WINNER)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void theBestAfterEachStageGoesOnAndBecomesTheModel() {
        FinalistsRecord record = Runs.in(run).finalists().orElseThrow();
        Finalist winner = winner(run);

        assertThat(record.heldOut()).isEqualTo(60);
        assertThat(record.finalists()).hasSize(3);
        assertThat(winner.history()).hasSize(4);
        assertThat(record.finalists())
                .filteredOn(finalist -> finalist.rank() != winner.rank())
                .allSatisfy(other -> {
                    assertThat(other.state()).isEqualTo(State.DROPPED);
                    assertThat(other.history()).hasSize(2);
                    assertThat(other.testAccuracy()).isNull();
                });
        assertThat(record.finalists().stream()
                        .max(Comparator.comparingDouble((Finalist finalist) ->
                                        finalist.history().get(1).validationAccuracy())
                                .thenComparing(
                                        Comparator.comparing(Finalist::rank).reversed())))
                .map(Finalist::rank)
                .contains(winner.rank());
        ModelRecord model = Runs.in(run).model().orElseThrow();
        assertThat(model.architecture()).isEqualTo(winner.architecture());
        assertThat(model.testAccuracy()).isEqualTo(winner.testAccuracy());
        assertThat(model.trainingImages()).isEqualTo(480 - 60);
        assertThat(model.engine()).isEqualTo("vector");
    }

    @Test
    void theUserSeesTheWinnerTheTableAndTheCurves() throws IOException {
        assertThat(search.out())
                .contains("retrained  3 finalists; the winner, ranked "
                        + winner(run).rank())
                .contains("model      file:" + run + "/model.safetensors");
        assertThat(run.resolve("report.html")).content().contains("The finalists trained from scratch");
        assertThat(Csv.rows(run.resolve("finalists.csv"))).hasSize(3).anySatisfy(row -> assertThat(row)
                .containsEntry("state", "winner")
                .containsEntry("epochs", "4")
                .containsEntry("architecture", winner(run).architecture()));
    }

    @Test
    void whatWasKilledInAnyStageGoesOnToTheSameBits() throws IOException {
        Path cut = directory.resolve("cut");
        FileUtils.copyDirectory(
                run.resolve("retraining").toFile(), cut.resolve("retraining").toFile());
        Files.delete(cut.resolve("retraining/finalist-" + winner(run).rank() + "/epoch-0004.safetensors"));
        Finalist other = finalists(run).stream()
                .filter(finalist -> finalist.state() == State.DROPPED)
                .findFirst()
                .orElseThrow();
        Files.delete(cut.resolve("retraining/finalist-" + other.rank() + "/epoch-0002.safetensors"));

        retrain(cut).succeeded();

        assertThat(cut.resolve("model.safetensors")).hasSameBinaryContentAs(run.resolve("model.safetensors"));
        assertThat(finalists(cut))
                .usingRecursiveComparison()
                .ignoringFieldsMatchingRegexes(".*seconds")
                .isEqualTo(finalists(run));
    }

    @Test
    void theOthersGoOnWhenOneFails() throws IOException {
        Path output = directory.resolve("failing");
        Files.createDirectories(output.resolve("retraining"));
        Files.writeString(output.resolve("retraining/finalist-2"), "no directory");

        CommandRun retrained = retrain(output, "--set", "retrain.halving=none", "--set", "retrain.epochs=1");

        assertThat(retrained.succeeded().out()).contains("retrained  3 finalists");
        assertThat(finalists(output).get(1).state()).isEqualTo(State.FAILED);
        assertThat(finalists(output).get(1).failure()).contains("finalist-2");
        assertThat(finalists(output)).extracting(Finalist::state).contains(State.WINNER, State.FINISHED);
    }

    @Test
    void saysWhyWhenAllFail() {
        CommandRun diverging = retrain(directory.resolve("diverging"), "--set", "retrain.learning-rate.initial=1e30");

        assertThat(diverging.status()).isEqualTo(1);
        assertThat(diverging.err())
                .contains("efsnas: retraining, epoch 1: the loss is no longer a number")
                .doesNotContain("\tat ");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            textBlock =
                    """
                    retrain { top = 99, halving = none }; retrain.top: 99 is not accepted; expected at most the
                    retrain.engine=dl4j; retrain.top: 3 is not accepted by the engine dl4j, whose workers train one network together (it is configured); expected 1, or retrain.engine = vector or libtorch
                    retrain.held-out=500; retrain.held-out: 500 is not accepted; expected auto, or at most the
                    """)
    void refusesWhatCannotBe(String setting, String line) {
        String[] settings = setting.startsWith("retrain {")
                ? new String[] {"--set", "retrain.top=99", "--set", "retrain.halving=none"}
                : new String[] {"--set", setting};

        assertThat(retrain(directory.resolve("refused"), settings).mistake()).startsWith(line);
    }

    @Test
    void oneArchitectureIsNotSeveral() {
        assertThat(retrain(
                                directory.resolve("refused"),
                                "--architecture",
                                winner(run).architecture())
                        .mistake())
                .isEqualTo("--architecture trains one architecture, and retrain.top = 3 asks for several; set"
                        + " retrain.top=1");
    }

    @Test
    void aProgramWithoutEfsnasReachesTheReportedAccuracy() throws OrtException {
        Path onnx = directory.resolve("winner.onnx");

        CommandRun.succeeding("export", "--run-dir", run.toString(), "--format", "onnx", "--output", onnx.toString());

        ImageSet test = SearchPlan.load(
                        SearchConfig.parse(Runs.in(run).requireSearch().config().toString()), new Configuration())
                .dataset()
                .test();
        float[] pixels = new float[test.size() * test.shape().size()];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (test.pixels(i / test.shape().size())[i % test.shape().size()] & 0xff) / 255f;
        }
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        int correct = 0;
        try (OrtSession session = environment.createSession(onnx.toString(), new OrtSession.SessionOptions());
                OnnxTensor images = OnnxTensor.createTensor(
                        environment, FloatBuffer.wrap(pixels), new long[] {test.size(), 1, 4, 4});
                OrtSession.Result result = session.run(Map.of("images", images))) {
            float[][] logits = (float[][]) result.get("logits").orElseThrow().getValue();
            for (int i = 0; i < logits.length; i++) {
                float own = logits[i][test.label(i)];
                correct += NumberUtils.max(logits[i]) == own ? 1 : 0;
            }
        }
        assertThat((double) correct / test.size()).isEqualTo(winner(run).testAccuracy());
    }

    @Test
    void aSubnetIsExportedWithTheWeightsOfItsSupernet() throws IOException {
        Path file = directory.resolve("subnet.safetensors");
        String architecture = finalists(run).get(0).architecture();
        String[] export = {
            "export",
            "--run-dir",
            run.toString(),
            "--format",
            "safetensors",
            "--output",
            file.toString(),
            "--architecture"
        };

        CommandRun.succeeding(ArrayUtils.add(export, architecture));

        Safetensors.Content subnet = Safetensors.read(Files.readAllBytes(file));
        assertThat(subnet.metadata()).containsEntry("architecture", architecture);
        Tensor stem = subnet.tensors().get("stem.conv.weight");
        try (Stream<Path> supernets = Files.walk(run.resolve("checkpoints"))) {
            assertThat(supernets.filter(checkpoint -> checkpoint.toString().endsWith(".safetensors")))
                    .anySatisfy(checkpoint -> assertThat(Safetensors.read(Files.readAllBytes(checkpoint))
                                    .tensors()
                                    .get("stem.conv.weight")
                                    .values())
                            .isEqualTo(stem.values()));
        }
        assertThat(subnet.tensors().get("stem.norm.weight").values()).containsOnly(1);
        assertThat(subnet.tensors().get("stem.norm.running_mean").values()).doesNotContain(0);
        assertThat(CommandRun.of(ArrayUtils.addAll(export, "|nor_conv_9x9~0|", "--overwrite"))
                        .mistake())
                .startsWith("--architecture ");
    }
}
