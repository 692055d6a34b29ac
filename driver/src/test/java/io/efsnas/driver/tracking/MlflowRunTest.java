package io.efsnas.driver.tracking;

import static org.assertj.core.api.Assertions.assertThat;

import io.efsnas.driver.LogLines;
import io.efsnas.driver.config.TrackingConfig;
import io.efsnas.driver.run.MlflowRecord;
import io.efsnas.driver.run.RunContents;
import io.efsnas.driver.run.RunDirectory;
import io.efsnas.driver.tracking.EventFile.Point;
import io.efsnas.driver.tracking.MlflowOfTests.Mood;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.logging.log4j.Level;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Against a server of its own, which holds requests to MLflow's specification. */
class MlflowRunTest {

    private static final String TOKEN = "very-secret-token";
    private static final Map<String, String> ENVIRONMENT = Map.of("MLFLOW_TRACKING_TOKEN", TOKEN);
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir
    private Path directory;

    private MlflowOfTests server;
    private LogLines warnings;

    @BeforeEach
    void startServer() throws IOException {
        server = new MlflowOfTests();
        warnings = new LogLines(MlflowRun.class, Level.WARN);
    }

    @AfterEach
    void stopServer() {
        warnings.close();
        server.close();
    }

    private RunDirectory run() {
        return new RunDirectory(directory.toString(), new Configuration());
    }

    private MlflowRun mlflow() {
        return mlflow(ENVIRONMENT, PATIENCE);
    }

    private MlflowRun mlflow(Map<String, String> environment, Duration patience) {
        return MlflowRun.of(
                new TrackingConfig(Optional.of(server.url()), "an experiment"), run(), environment, patience);
    }

    private static List<Point> points(int count) {
        return IntStream.rangeClosed(1, count)
                .mapToObj(step -> new Point(step, 1000.5 + step, new TreeMap<>(Map.of("loss", 1.0 / step))))
                .toList();
    }

    @Test
    void aRunHasSettingsCurvesResultsAndFiles() throws IOException {
        Files.writeString(directory.resolve("report.html"), "<html>");
        Map<String, String> settings = new TreeMap<>();
        IntStream.range(0, 250).forEach(i -> settings.put("training.key-" + i, "x".repeat(10 * i)));
        MlflowRun mlflow = mlflow();
        mlflow.begin(settings);
        mlflow.curve("supernet-0.1", points(2));
        mlflow.curve("supernet-0.1", points(1700));
        mlflow.finish(Map.of("test-accuracy", 0.75, "selected/ntk", Double.NaN));

        MlflowOfTests.Run posted = server.run();
        assertThat(server.violations).isEmpty();
        assertThat(server.experiments).containsEntry("an experiment", posted.experiment);
        assertThat(posted.parameters).hasSize(250).containsEntry("training.key-3", "x".repeat(30));
        assertThat(posted.metrics.get("supernet-0.1/loss"))
                .hasSize(1700)
                .contains(new MlflowOfTests.Point(0.25, 1_004_500, 4))
                .doesNotHaveDuplicates();
        assertThat(posted.metrics.get("test-accuracy"))
                .extracting(MlflowOfTests.Point::value)
                .containsExactly(0.75);
        assertThat(posted.metrics).doesNotContainKey("selected/ntk");
        assertThat(posted.artifacts).containsOnlyKeys("report.html");
        assertThat(posted.artifacts.get("report.html")).asString().isEqualTo("<html>");
        assertThat(posted.status).isEqualTo("FINISHED");
        assertThat(posted.end).isNotNull();
        assertThat(warnings.all()).isEmpty();
    }

    @Test
    void whatIsNoNumberIsNotPosted() {
        MlflowRun mlflow = mlflow();
        mlflow.begin(Map.of());
        mlflow.curve(
                "supernet-0",
                List.of(
                        new Point(1, 1, new TreeMap<>(Map.of("loss", Double.NaN, "accuracy", 0.5))),
                        new Point(2, 2, new TreeMap<>(Map.of("loss", Double.POSITIVE_INFINITY, "accuracy", 0.25)))));
        mlflow.fail();

        assertThat(server.violations).isEmpty();
        assertThat(server.run().metrics).containsOnlyKeys("supernet-0/accuracy");
        assertThat(server.run().status).isEqualTo("FAILED");
    }

    @Test
    void aRunThatResumesGoesOnInTheSameRun() {
        MlflowRun first = mlflow();
        first.begin(Map.of("seed", "1"));
        first.curve("model", points(3));
        first.stop();
        assertThat(server.run().status).isEqualTo("KILLED");

        MlflowRun second = mlflow();
        second.begin(Map.of("seed", "1", "cluster.stalled-after", "7"));
        second.curve("model", points(5));
        second.finish(Map.of());

        assertThat(server.violations).isEmpty();
        assertThat(server.run().metrics.get("model/loss"))
                .extracting(MlflowOfTests.Point::step)
                .containsExactly(1L, 2L, 3L, 4L, 5L);
        assertThat(server.run().status).isEqualTo("FINISHED");
        assertThat(run().mlflow())
                .contains(new MlflowRecord(
                        server.url(), server.runs.keySet().iterator().next()));
        assertThat(RunContents.isOwnName("mlflow.json")).isTrue();
    }

    @Test
    void aRunThatTheServerHasNoMoreIsMadeAnew() {
        run().write(new MlflowRecord(server.url(), "gone"));
        MlflowRun mlflow = mlflow();
        mlflow.begin(Map.of());
        mlflow.curve("model", points(2));
        mlflow.finish(Map.of());

        assertThat(server.run().metrics.get("model/loss")).hasSize(2);
        assertThat(warnings.all()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            value = Mood.class,
            names = {"WITH_ERRORS", "WITHOUT_AN_ANSWER"})
    void aServerThatFailsIsToldOfOnceAndGetsAllWhenItIsBack(Mood mood) throws InterruptedException {
        server.mood = mood;
        MlflowRun mlflow = mlflow();
        mlflow.begin(Map.of("seed", "1"));
        for (int i = 1; i <= 20; i++) {
            mlflow.curve("model", points(i));
        }
        while (server.requests < 10) {
            Thread.sleep(5);
        }
        server.mood = Mood.WELL;
        mlflow.curve("model", points(21));
        mlflow.finish(Map.of());

        assertThat(server.violations).isEmpty();
        assertThat(server.run().metrics.get("model/loss")).hasSize(21);
        assertThat(server.run().parameters).containsEntry("seed", "1");
        assertThat(warnings.all()).hasSize(1).allSatisfy(line -> assertThat(line)
                .startsWith("MLflow at " + server.url() + ": it ")
                .doesNotContain(TOKEN));
    }

    /** The calls return although the server does not answer before the test ends. */
    @Test
    void nobodyWaitsForAServerThatDoesNotAnswer() {
        server.mood = Mood.NEVER;
        MlflowRun mlflow = mlflow(ENVIRONMENT, Duration.ofMillis(200));
        mlflow.begin(Map.of());
        for (int i = 1; i <= 1000; i++) { // more than may wait
            mlflow.curve("model", points(3));
        }
        mlflow.finish(Map.of());

        assertThat(server.runs).isEmpty();
        assertThat(warnings.all())
                .containsExactly(
                        "MLflow at " + server.url() + ": it was too slow, and does not have all of this run; the"
                                + " run goes on without it, and posts again what follows");
    }

    @Test
    void aServerThatIsNotThereFailsNothing() {
        String url = server.url();
        server.close();
        MlflowRun mlflow = mlflow();
        mlflow.begin(Map.of());
        mlflow.curve("model", points(3));
        mlflow.finish(Map.of());

        assertThat(warnings.all()).hasSize(1).allSatisfy(line -> assertThat(line)
                .startsWith("MLflow at " + url + ": it does not answer ("));
    }

    @Test
    void whoPostsIsProvedByTheEnvironment() {
        MlflowRun byToken = mlflow();
        byToken.begin(Map.of());
        byToken.stop();
        assertThat(server.authorizations).isNotEmpty().containsOnly("Bearer " + TOKEN);

        server.authorizations.clear();
        MlflowRun byName =
                mlflow(Map.of("MLFLOW_TRACKING_USERNAME", "ann", "MLFLOW_TRACKING_PASSWORD", "sesame"), PATIENCE);
        byName.begin(Map.of());
        byName.stop();
        assertThat(server.authorizations).isNotEmpty().containsOnly("Basic YW5uOnNlc2FtZQ==");

        server.authorizations.clear();
        MlflowRun byNobody = mlflow(Map.of(), PATIENCE);
        byNobody.begin(Map.of());
        byNobody.stop();
        assertThat(server.authorizations).isNotEmpty().containsOnly("null");
    }

    @Test
    void withoutAServerNothingIsPosted() {
        MlflowRun mlflow = MlflowRun.of(new TrackingConfig(Optional.empty(), "efsnas"), run(), Map.of());
        mlflow.begin(Map.of());
        mlflow.curve("model", points(3));
        mlflow.finish(Map.of());

        assertThat(run().mlflow()).isEmpty();
        assertThat(server.requests).isZero();
    }
}
