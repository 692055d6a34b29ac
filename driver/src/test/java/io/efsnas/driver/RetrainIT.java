package io.efsnas.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.efsnas.data.format.ImageSet;
import io.efsnas.driver.config.SearchConfig;
import io.efsnas.driver.flow.RetrainingSpecs;
import io.efsnas.driver.flow.SearchPlan;
import io.efsnas.driver.process.UserMistake;
import io.efsnas.driver.retrain.ModelDirectory;
import io.efsnas.driver.retrain.Retraining;
import io.efsnas.driver.retrain.cluster.RetrainingPlan;
import io.efsnas.driver.run.ModelRecord;
import io.efsnas.driver.spark.Sessions;
import java.awt.image.BufferedImage;
import java.awt.image.WritableRaster;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Small models trained on embedded Spark over the bundled images, and what a program without efsnas makes of them. */
class RetrainIT {

    private static final String SMALL = "|nor_conv_1x1~0|+|none~0|none~1|+|skip_connect~0|avg_pool_3x3~1|none~2|";

    @TempDir
    private static Path directory;

    private static Path config;
    private static Path run;
    private static CommandRun search;

    @BeforeAll
    static void searchAndRetrain() throws IOException {
        config = TinySearch.settings()
                .withWholeImages()
                .withIndependentSupernets()
                .with("training", "{ steps = 3, rounds = 1 }")
                .with("scoring.architectures", 2)
                .with("retrain", "{ epochs = 2, batch = 32, averaging-frequency = 3, workers = 2 }")
                .writeTo(directory);
        run = directory.resolve("run");
        search = CommandRun.search(config, run, "--set", "retrain.enabled=true").succeeded();
    }

    private static CommandRun retrain(Path output, String... further) {
        return CommandRun.retrain(run, output, further);
    }

    @Test
    void aSearchEndsWithAModelAndWhatDescribesIt() throws IOException {
        ModelRecord model = Runs.in(run).model().orElseThrow();

        assertThat(search.out()).contains("retrained  test accuracy", "model      file:" + run + "/model.zip");
        assertThat(run.resolve("report.html")).content().contains("The model trained from scratch");
        assertThat(model.architecture())
                .isEqualTo(Runs.in(run).selection().orElseThrow().architecture());
        assertThat(model.inputShape()).containsExactly(1, 28, 28);
        assertThat(model.classNames().get(9)).isEqualTo("Ankle boot");
        assertThat(model.trainingImages()).isEqualTo(480);
        assertThat(model.testImages()).isEqualTo(120);
        assertThat(model.epochs()).isEqualTo(2);
        assertThat(model.history()).hasSize(2).allSatisfy(epoch -> assertThat(epoch.loss())
                .isPositive());
        assertThat(model.history().get(1).testAccuracy()).isEqualTo(model.testAccuracy());
        assertThat(model.producedBy().config().at("/retrain/batch").asInt()).isEqualTo(32);
    }

    @Test
    void aProgramWithoutEfsnasReachesTheReportedAccuracy() throws IOException {
        ImageSet test = plan(SearchConfig.load(Optional.of(config), List.of()))
                .dataset()
                .test();
        ModelRecord model = Runs.in(run).model().orElseThrow();
        int correct = 0;
        for (int i = 0; i < test.size(); i++) {
            BufferedImage image = new BufferedImage(28, 28, BufferedImage.TYPE_BYTE_GRAY);
            WritableRaster raster = image.getRaster();
            raster.setDataElements(0, 0, 28, 28, test.pixels(i));
            if (classify(run.toFile(), image).equals(model.classNames().get(test.label(i)))) {
                correct++;
            }
        }

        assertThat((double) correct / test.size()).isEqualTo(model.testAccuracy());
    }

    /** The lines of README.md. */
    private static String classify(File directory, BufferedImage image) throws IOException {
        ObjectMapper json = new ObjectMapper();
        JsonNode about = json.readTree(new File(directory, "model.json"));
        ComputationGraph model = ModelSerializer.restoreComputationGraph(new File(directory, "model.zip"));
        INDArray mean = Nd4j.createFromArray(json.convertValue(about.at("/normalization/mean"), float[].class));
        INDArray deviation =
                Nd4j.createFromArray(json.convertValue(about.at("/normalization/deviation"), float[].class));
        float[] colours = image.getRaster().getPixels(0, 0, image.getWidth(), image.getHeight(), (float[]) null);
        INDArray pixels =
                Nd4j.createFromArray(colours).reshape(-1, mean.length()).div(255);
        INDArray rows =
                pixels.subRowVector(mean).divRowVector(deviation).reshape(1, image.getHeight(), image.getWidth(), -1);
        int best = model.outputSingle(rows.permute(0, 3, 1, 2)).argMax(1).getInt(0);
        return about.at("/classNames/" + best).asText();
    }

    @Test
    void theModelNamesNoClassOfEfsnas() throws IOException {
        try (ZipFile model = new ZipFile(run.resolve("model.zip").toFile())) {
            ZipEntry configuration = model.getEntry("configuration.json");

            assertThat(new String(model.getInputStream(configuration).readAllBytes(), StandardCharsets.UTF_8))
                    .contains("org.deeplearning4j")
                    .doesNotContain("efsnas");
        }
    }

    @Test
    void theLearningRateReachesTheWorkers() throws IOException {
        Path fast = directory.resolve("fast");
        Path slow = directory.resolve("slow");

        retrain(fast, "--architecture", SMALL, "--set", "retrain.epochs=1");
        retrain(
                slow,
                "--architecture",
                SMALL,
                "--set",
                "retrain.epochs=1",
                "--set",
                "retrain.learning-rate.initial=1e-9");

        // Biases begin at 0.
        assertThat(largestBias(fast)).isGreaterThan(1e-3);
        assertThat(largestBias(slow)).isBetween(1e-15, 1e-6);
    }

    private static double largestBias(Path output) throws IOException {
        return ModelSerializer.restoreComputationGraph(
                        output.resolve("model.zip").toFile())
                .getParam("classifier_b")
                .amaxNumber()
                .doubleValue();
    }

    @Test
    void aRetrainingThatWasCutShortGoesOnToTheSameModel() throws IOException {
        SearchConfig settings = SearchConfig.load(Optional.of(config), List.of());
        Path whole = directory.resolve("whole");
        Path cut = directory.resolve("cut");
        try (SparkSession session = Sessions.open(Optional.of("local[2]"))) {
            JavaSparkContext spark = JavaSparkContext.fromSparkContext(session.sparkContext());
            SearchPlan plan = plan(settings);
            RetrainingPlan retraining =
                    RetrainingSpecs.withDl4j(plan, plan.space().parse(SMALL), 2, 1, spark.hadoopConfiguration());
            Retraining first = new Retraining(spark, retraining, plan.dataset(), output(whole));
            first.run(epoch -> {});
            Retraining second = new Retraining(spark, retraining, plan.dataset(), output(cut));
            assertThatThrownBy(() -> second.run(epoch -> {
                        throw new CancellationException();
                    }))
                    .isInstanceOf(CancellationException.class);
            List<Integer> ran = new ArrayList<>();
            second.run(epoch -> ran.add(epoch.epoch()));

            assertThat(ran).containsExactly(2);
        }
        assertThat(parameters(cut)).isEqualTo(parameters(whole));
    }

    private static SearchPlan plan(SearchConfig settings) {
        return SearchPlan.load(settings, new Configuration());
    }

    private static ModelDirectory output(Path path) {
        return new ModelDirectory(path.toString(), new Configuration());
    }

    private static float[] parameters(Path output) throws IOException {
        return ModelSerializer.restoreComputationGraph(
                        output.resolve("model.zip").toFile())
                .params()
                .toFloatVector();
    }

    /** Cut to the size that DL4J evaluates by itself, two batches of 100 fail. */
    @Test
    void testsByBatchesOfItsOwnSize() {
        SearchConfig settings = SearchConfig.load(
                Optional.of(config),
                List.of("data.limit=1000", "retrain.batch=100", "retrain.epochs=1", "retrain.workers=1"));
        try (SparkSession session = Sessions.open(Optional.of("local[2]"))) {
            JavaSparkContext spark = JavaSparkContext.fromSparkContext(session.sparkContext());
            SearchPlan plan = plan(settings);
            RetrainingPlan retraining =
                    RetrainingSpecs.withDl4j(plan, plan.space().parse(SMALL), 1, 1, spark.hadoopConfiguration());

            assertThat(plan.dataset().test().size()).isEqualTo(200);
            assertThat(new Retraining(spark, retraining, plan.dataset(), output(directory.resolve("large")))
                            .run(epoch -> {}))
                    .hasSize(1);
        }
    }

    @Test
    void saysSoWhenTheLossIsNoLongerANumber() {
        CommandRun diverging = retrain(
                directory.resolve("diverging"), "--architecture", SMALL, "--set", "retrain.learning-rate.initial=1e30");

        assertThat(diverging.status()).isEqualTo(1);
        assertThat(diverging.err())
                .contains("efsnas: retraining, epoch 1: the loss is no longer a number; lower"
                        + " retrain.learning-rate.initial")
                .doesNotContain("\tat ");
    }

    @Test
    void refusesToReplaceAModelOfOtherSettings() {
        assertThat(retrain(run, "--set", "retrain.batch=16").mistake())
                .isEqualTo("file:" + run + "/retraining holds a retraining with other settings: batch is 32 there and"
                        + " 16 here; set them alike, or give another --output");
    }

    @Test
    void refusesAnArchitectureWithoutAPath() {
        assertThat(retrain(
                                directory.resolve("none"),
                                "--architecture",
                                SMALL.replace("skip_connect", "none").replace("avg_pool_3x3", "none"))
                        .mistake())
                .startsWith("the image does not reach the output of ");
    }

    @Test
    void refusesDataWithoutTestImages() {
        SearchPlan plan = plan(SearchConfig.load(Optional.of(config), List.of("data.validation-share=0.4")));
        RetrainingPlan retraining =
                RetrainingSpecs.withDl4j(plan, plan.space().parse(SMALL), 2, 1, new Configuration());

        assertThatThrownBy(() -> new Retraining(null, retraining, plan.dataset(), output(directory.resolve("none"))))
                .isInstanceOf(UserMistake.class)
                .hasMessageStartingWith("data.test: retraining needs test images");
    }
}
