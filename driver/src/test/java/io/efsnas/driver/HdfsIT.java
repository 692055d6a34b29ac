package io.efsnas.driver;

import static org.assertj.core.api.Assertions.assertThat;

import io.efsnas.driver.run.RunDirectory;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A search whose images and run directory are on an HDFS of two DataNodes, beside the same one on local files. */
@Timeout(600)
class HdfsIT {

    private static final java.nio.file.Path LOGS =
            java.nio.file.Path.of("target", "hdfs").toAbsolutePath();
    private static final String IMAGES = "t10k-images-idx3-ubyte.gz";
    private static final String LABELS = "t10k-labels-idx1-ubyte.gz";
    private static final int SUPERNETS = 2;
    private static final int ROUNDS = 3;
    private static final TinySearch SETTINGS = TinySearch.settings()
            .withTwoSupernets()
            .withIndependentSupernets()
            .with("ranking.rule", "accuracy")
            .with("retrain", "{ engine = dl4j, epochs = 1, batch = 32 }");

    @TempDir
    private static java.nio.file.Path directory;

    private static Hdfs hdfs;
    private static FileSystem files;
    private static Path images;
    private static Path run;
    /** That of the search on local files. */
    private static String ranking;
    /** Its architectures, the best first. */
    private static List<String> ranked;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        hdfs = new Hdfs(directory, LOGS);
        hdfs.start(2);
        images = new Path(hdfs.uri(), "/images/" + IMAGES);
        run = new Path(hdfs.uri(), "/runs/1");
        files = run.getFileSystem(new Configuration());
        for (String name : List.of(IMAGES, LABELS)) {
            files.copyFromLocalFile(
                    new Path(TinySearch.BUNDLED.resolve(name).toUri()), new Path(images.getParent(), name));
        }
        java.nio.file.Path local = directory.resolve("run");
        search(SETTINGS, local.toString());
        ranking = Files.readString(local.resolve("ranking.csv"));
        ranked = Csv.ranked(local);
        searchOnHdfs();
    }

    @AfterAll
    static void stop() throws InterruptedException {
        hdfs.stop();
    }

    private static void searchOnHdfs() throws IOException {
        search(SETTINGS.with("data.train", "[\"" + images + "\"]"), run.toString());
    }

    private static void search(TinySearch settings, String into) throws IOException {
        CommandRun.search(settings.writeTo(directory), into).succeeded();
    }

    @Test
    void runDirectoryHasWhatALocalOneHas() throws IOException {
        assertThat(names(run))
                .containsExactlyInAnyOrder(
                        "checkpoints",
                        "pareto.csv",
                        "ranking.csv",
                        "ranking.parquet",
                        "reliability.json",
                        "report.html",
                        "rounds.json",
                        "scores.csv",
                        "search.json",
                        "selection.json",
                        "tensorboard");
        assertThat(read("ranking.csv")).isEqualTo(ranking);
        assertThat(new RunDirectory(run.toString(), new Configuration()).rounds())
                .hasSize(SUPERNETS * ROUNDS);
        for (int supernet = 0; supernet < SUPERNETS; supernet++) {
            assertThat(names(checkpoint(supernet, 6).getParent()))
                    .containsExactlyInAnyOrder("step-00000004.safetensors", "step-00000006.safetensors");
        }
    }

    @Test
    void searchGoesOnWhenADataNodeHasDied() throws Exception {
        for (int supernet = 0; supernet < SUPERNETS; supernet++) {
            assertThat(files.getFileBlockLocations(checkpoint(supernet, 4), 0, 1))
                    .singleElement()
                    .satisfies(block -> assertThat(block.getNames()).hasSize(2));
            files.delete(checkpoint(supernet, 6), false);
        }
        files.delete(new Path(run, "ranking.csv"), false);

        hdfs.kill(0);
        searchOnHdfs();

        assertThat(read("ranking.csv")).isEqualTo(ranking);
    }

    @Test
    void scoreReadsAndWritesIt() throws IOException {
        Path architectures = write("best.txt", ranked.get(0) + "\n" + ranked.get(1) + "\n");
        Path scores = new Path(run.getParent(), "scores.csv");

        CommandRun.succeeding(
                "score",
                "--master",
                "local[2]",
                "--run-dir",
                run.toString(),
                "--architectures",
                architectures.toString(),
                "--output",
                scores.toString());

        assertThat(read(scores).lines())
                .containsExactlyElementsOf(ranking.lines().limit(3).toList());
    }

    @Test
    void runsListsAndRemovesThem() throws IOException {
        Path nightly = new Path(hdfs.uri(), "/nightly");
        write("../nightly/1/search.json", read("search.json"));
        write("../nightly/data/1", "");

        assertThat(CommandRun.succeeding("runs", run.getParent().toString()).out())
                .containsPattern("done +\\d\\.\\d{4} .* 1\n");
        assertThat(CommandRun.succeeding("runs", "--remove-older-than", "0h", nightly.toString())
                        .out())
                .startsWith("removed " + nightly + "/1\n");
        assertThat(names(nightly)).containsExactly("data");
    }

    @Test
    void retrainWritesItsModelToIt() throws IOException {
        Path models = new Path(run.getParent(), "models");

        CommandRun.succeeding(
                "retrain", "--master", "local[2]", "--run-dir", run.toString(), "--output", models.toString());

        try (InputStream model = files.open(new Path(models, "model.zip"))) {
            assertThat(ModelSerializer.restoreComputationGraph(model)
                            .getParam("classifier_b")
                            .length())
                    .isEqualTo(10);
        }
        assertThat(new RunDirectory(models.toString(), new Configuration())
                        .model()
                        .orElseThrow()
                        .classNames())
                .hasSize(10);
    }

    @Test
    void shardsArePreparedToItAndReadFromIt() throws IOException {
        Path shards = new Path(hdfs.uri(), "/shards");
        java.nio.file.Path local = directory.resolve("shards");

        CommandRun.succeeding(FolderOfImages.write(directory.resolve("folder"))
                .preparing(shards.toString())
                .toArray(String[]::new));
        search(
                FolderOfImages.on(shards.toString(), SETTINGS),
                directory.resolve("hdfs-shards").toString());

        assertThat(names(shards)).contains("train", "test");
        files.copyToLocalFile(shards, new Path(local.toUri()));
        search(
                FolderOfImages.on(local.toString(), SETTINGS),
                directory.resolve("local-shards").toString());
        assertThat(directory.resolve("hdfs-shards/ranking.csv"))
                .hasSameBinaryContentAs(directory.resolve("local-shards/ranking.csv"));
    }

    @Test
    void launcherFindsItByHadoopsSettings() throws Exception {
        write("truth.csv", "architecture,test_accuracy\n%s,90\n%s,80\n".formatted(ranked.get(0), ranked.get(1)));
        java.nio.file.Path settings = Files.createDirectories(directory.resolve("hadoop"));
        Files.writeString(
                settings.resolve("core-site.xml"),
                "<configuration><property><name>fs.defaultFS</name><value>%s</value></property></configuration>"
                        .formatted(hdfs.uri()));
        TestProcesses processes = new TestProcesses(directory, LOGS);
        List<String> correlate = List.of(
                TestProcesses.LAUNCHER,
                "correlate",
                "--run-dir",
                "hdfs:///runs/1",
                "--table",
                "hdfs:///runs/truth.csv");

        int status = processes
                .start("correlate", correlate, Map.of("HADOOP_CONF_DIR", settings.toString()))
                .waitFor();

        assertThat(Files.readString(processes.log("correlate"))).containsPattern("architectures +2 ");
        assertThat(status).isZero();
    }

    private static Path checkpoint(int supernet, int step) {
        return new Path(run, "checkpoints/supernet-%d/step-%08d.safetensors".formatted(supernet, step));
    }

    private static List<String> names(Path directory) throws IOException {
        return Arrays.stream(files.listStatus(directory))
                .map(status -> status.getPath().getName())
                .toList();
    }

    private static String read(String name) throws IOException {
        return read(new Path(run, name));
    }

    private static String read(Path file) throws IOException {
        try (InputStream in = files.open(file)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** Writes a file beside the run directory. */
    private static Path write(String name, String text) throws IOException {
        Path file = new Path(run.getParent(), name);
        try (OutputStream out = files.create(file)) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return file;
    }
}
