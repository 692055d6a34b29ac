package io.efsnas.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.efsnas.driver.process.UserMistake;
import io.efsnas.driver.spark.JobException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.spark.api.java.JavaFutureAction;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Searches in a session that somebody else has opened and goes on to use. */
@Timeout(300)
class NotebookIT {

    private static final TinySearch SETTINGS = TinySearch.settings().withTwoSupernets();
    /** Takes longer than any of these tests. */
    private static final TinySearch ENDLESS = SETTINGS.with("training", "{ steps = 100000, rounds = 2 }");

    private static final String GROUP = "cell 7";
    private static final CountDownLatch RELEASED = new CountDownLatch(1);

    @TempDir
    private static Path directory;

    private static SparkSession session;
    private static JavaSparkContext spark;

    @BeforeAll
    static void openSession() {
        session = SparkSession.builder()
                .master("local[3]")
                .config("spark.ui.enabled", false)
                .config("spark.driver.bindAddress", "localhost")
                .config("spark.driver.host", "localhost")
                .config("spark.serializer", "org.apache.spark.serializer.KryoSerializer")
                .getOrCreate();
        spark = JavaSparkContext.fromSparkContext(session.sparkContext());
    }

    @AfterAll
    static void stopSession() {
        session.stop();
    }

    @Test
    void rankingIsATableOfTheSession() throws IOException {
        SearchResult result =
                Search.run(session, SETTINGS.config(), directory.resolve("run").toString());

        List<Row> rows = result.ranking().collectAsList();
        assertThat(rows.stream().map(row -> row.<String>getAs("architecture")))
                .containsExactlyElementsOf(Csv.ranked(directory.resolve("run")))
                .hasSize(8);
        assertThat(result.architecture()).isEqualTo(rows.get(0).<String>getAs("architecture"));
        assertThat(result.reasons().get(0)).startsWith("ranked 1 of 8, with accuracy ");
        assertThat(result.runDirectory()).isEqualTo("file:" + directory.resolve("run"));
        result.ranking().createOrReplaceTempView("ranking");
        assertThat(session.sql("SELECT node, count(*) FROM ranking GROUP BY node ORDER BY node")
                        .collectAsList())
                .extracting(Row::mkString)
                .containsExactly("04", "14");
    }

    @Test
    void sessionStaysAsItWas() {
        spark.setJobGroup(GROUP, "of a notebook", true);
        String settings = session.conf().getAll().toString();

        Search.run(session, SETTINGS.config(), directory.resolve("again").toString());

        assertThat(session.conf().getAll()).hasToString(settings);
        assertThat(spark.getLocalProperty("spark.jobGroup.id")).isEqualTo(GROUP);
        assertThat(spark.getLocalProperty("spark.job.description")).isEqualTo("of a notebook");
        assertThat(spark.getLocalProperty("spark.job.interruptOnCancel")).isEqualTo("true");
        assertThat(spark.getJobTags()).isEmpty();
        spark.clearJobGroup();
    }

    @Test
    void mistakeIsAnExceptionOfOneLine() {
        assertThatThrownBy(() -> Search.run(
                        session,
                        SETTINGS.with("training.stesp", 5).config(),
                        directory.resolve("mistake").toString()))
                .isInstanceOf(UserMistake.class)
                .hasMessageStartingWith("training.stesp: there is no such key; did you mean training.steps?")
                .hasMessageNotContaining("\n");
        assertThat(directory.resolve("mistake")).doesNotExist();
    }

    /** Of a supernet whose training diverges, beside a job of the notebook's own. */
    @Test
    void failureCancelsNoOtherJob() throws Exception {
        JavaFutureAction<List<Integer>> other = spark.parallelize(List.of(1), 1)
                .map(number -> {
                    RELEASED.await(1, TimeUnit.MINUTES);
                    return number;
                })
                .collectAsync();

        assertThatThrownBy(() -> Search.run(
                        session,
                        SETTINGS.with("training.learning-rate.initial", 1e38).config(),
                        directory.resolve("diverging").toString()))
                .isInstanceOf(JobException.class)
                .hasMessageContaining("learning-rate")
                .hasMessageNotContaining("\n");

        RELEASED.countDown();
        assertThat(other.get()).containsExactly(1);
    }

    /**
     * In the shell of the Spark that the build lays out, with an executor in a process of its own, which has to load the
     * classes that are typed, and with settings of which the example ends soon.
     */
    @Test
    void exampleRunsInSparkShell() throws Exception {
        Path root = Path.of("..").toAbsolutePath().normalize();
        Path example = Files.writeString(
                directory.resolve("notebook.scala"),
                Files.readString(root.resolve("deploy/notebook.scala"))
                                .replace(
                                        "conf/quickstart.conf",
                                        SETTINGS.writeTo(directory).toString())
                                .replace(
                                        "runs/notebook",
                                        directory.resolve("shell").toString())
                        + "case class Typed(factor: Int)\nval typed = Typed(2)\n"
                        + "println(\"sum \" + sc.parallelize(1 to 10).map(_ * typed.factor).sum)\n");

        TestProcesses processes = new TestProcesses(root, directory.resolve("logs"));
        try {
            Process shell = processes.start(
                    "shell",
                    List.of(
                            TestProcesses.SPARK_HOME.resolve("bin/spark-shell").toString(),
                            "--master",
                            "local-cluster[1,2,1024]",
                            "--jars",
                            System.getProperty("efsnas.jar"),
                            "-i",
                            example.toString(),
                            "--driver-java-options",
                            "--add-modules=jdk.incubator.vector",
                            "--conf",
                            "spark.executor.extraJavaOptions=--add-modules=jdk.incubator.vector"),
                    Map.of("JAVA_HOME", TestProcesses.JAVA_HOME));
            try (Writer typed = shell.outputWriter()) {
                typed.write(":quit\n");
            }

            assertThat(shell.waitFor()).isZero();
            assertThat(processes.log("shell"))
                    .content()
                    .contains("accuracyWithFlops", "only showing top 3 rows", "sum 110.0")
                    .doesNotContain("Exception", "error:");
        } finally {
            processes.stop();
        }
    }

    /** As when the notebook's JVM has stood still for longer than its lease lasts. */
    @Test
    void aSearchWhoseDirectoryIsTakenStopsAndLeavesItAlone() throws Exception {
        Path run = directory.resolve("taken");
        Thread thief = new Thread(() -> {
            while (!Files.exists(run.resolve("search.json"))) {
                Thread.onSpinWait();
            }
            try {
                String mine = Files.readString(run.resolve("lease.json"));
                Files.writeString(
                        run.resolve("lease.json"), mine.replaceFirst("\"id\":\"[^\"]*\"", "\"id\":\"thief\""));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        thief.start();

        assertThatThrownBy(() -> Search.run(session, ENDLESS.config(), run.toString()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("stopped because another process has taken or removed the run directory");

        thief.join();
        assertThat(Files.readString(run.resolve("search.json")))
                .contains("\"running\"")
                .doesNotContain("\"failure\"");
        assertThat(Files.readString(run.resolve("lease.json"))).contains("thief");
        assertThat(spark.statusTracker().getActiveJobIds()).isEmpty();
    }

    @Test
    void cancellingTheNotebooksCellCancelsTheSearch() throws Exception {
        Thread button = new Thread(() -> {
            while (spark.statusTracker().getJobIdsForGroup(GROUP).length == 0) {
                Thread.onSpinWait();
            }
            spark.cancelJobGroup(GROUP);
        });
        spark.setJobGroup(GROUP, "of a notebook");
        button.start();

        assertThatThrownBy(() -> Search.run(
                        session,
                        ENDLESS.config(),
                        directory.resolve("cancelled").toString()))
                .isInstanceOf(JobException.class)
                .hasMessageContaining("cancelled job group " + GROUP);

        button.join();
        spark.clearJobGroup();
        assertThat(spark.statusTracker().getActiveJobIds()).isEmpty();
    }
}
