package io.efsnas.driver;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.apache.commons.io.FileUtils;
import org.apache.commons.lang3.StringUtils;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Searches with a space, a splitter, a training scheme, measures and a ranking rule of a user's own, which are compiled
 * against efsnas.jar into a jar of their own.
 */
class ExtensionIT {

    private static final Path SOURCES = Path.of("src/test/extension").toAbsolutePath();
    private static final Path LOGS = Path.of("target/it-logs/extension").toAbsolutePath();

    @TempDir
    private static Path directory;

    private static TestProcesses processes;
    private static StandaloneCluster cluster;
    private static Map<String, String> withJar;
    private static Path config;

    /** Of a search on embedded Spark that nothing disturbed. */
    private static Path undisturbed;

    @BeforeAll
    static void search() throws Exception {
        withJar = Map.of("EFSNAS_JARS", jar().toString());
        config = TinySearch.settings()
                .with("space", "{ name = chain, splitter = by-loss }")
                .with("spaces.chain.blocks", 4)
                .with("splitters.by-loss.subnets", 2)
                .with("network.channels", 4)
                .with("data.shrink", 4)
                .with("supernet.channels", 4)
                .with("training", "{ scheme = least-trained, steps = 160, rounds = 4 }")
                .with("schemes.least-trained.candidates", 4)
                .with("scoring.architectures", "all")
                .with("checkpoints.every-steps", 10) // so that a search is killed within a round
                .with("ranking", "{ rule = thrifty, measures = [worst-batch] }")
                .with("rules.thrifty.price", 0.02)
                .with("measures.convolutions.smallest", 2)
                .writeTo(directory);
        processes = new TestProcesses(directory, LOGS);
        undisturbed = directory.resolve("undisturbed");
        assertThat(processes
                        .startSearch("undisturbed", config, undisturbed, withJar)
                        .waitFor())
                .isZero();
    }

    @AfterAll
    static void stop() throws Exception {
        processes.stop();
        if (cluster != null) {
            cluster.stop();
        }
    }

    private static Path jar() throws IOException {
        Path classes = Files.createDirectories(directory.resolve("classes"));
        List<String> arguments = new ArrayList<>(List.of(
                "-proc:none",
                "--release",
                "17",
                "-cp",
                Path.of("target/efsnas.jar").toAbsolutePath().toString(),
                "-d",
                classes.toString()));
        try (Stream<Path> sources = Files.list(SOURCES.resolve("example"))) {
            sources.map(Path::toString).forEach(arguments::add);
        }
        int failed = ToolProvider.getSystemJavaCompiler().run(null, null, null, arguments.toArray(String[]::new));
        assertThat(failed).isZero();
        FileUtils.copyDirectory(
                SOURCES.resolve("META-INF").toFile(),
                classes.resolve("META-INF").toFile());
        Path jar = directory.resolve("extension.jar");
        try (FileSystem zip = FileSystems.newFileSystem(jar, Map.of("create", true));
                Stream<Path> files = Files.walk(classes)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path packed = zip.getPath(classes.relativize(file).toString());
                if (packed.getParent() != null) {
                    Files.createDirectories(packed.getParent());
                }
                Files.copy(file, packed);
            }
        }
        return jar;
    }

    @Test
    void everyPartIsTheUsersOwn() throws IOException {
        List<Map<String, String>> ranking = Csv.ranking(undisturbed);

        assertThat(ranking).hasSize(81); // three operations at four positions
        assertThat(ranking).allSatisfy(row -> assertThat(Double.parseDouble(row.get("score")))
                .isEqualTo(
                        Double.parseDouble(row.get("accuracy")) - 0.02 * Double.parseDouble(row.get("convolutions"))));
        assertThat(ranking).allSatisfy(row -> assertThat(Double.parseDouble(row.get("worst-batch")))
                .isLessThanOrEqualTo(Double.parseDouble(row.get("accuracy"))));
        assertThat(ranking)
                .allSatisfy(row -> assertThat(Integer.parseInt(row.get("convolutions"))) // with that of the stem
                        .isEqualTo(1 + StringUtils.countMatches(row.get("architecture"), "conv3")));
        assertThat(ranking.get(0).get("architecture")).matches("((conv1|conv3|identity)-?){4}");
        assertThat(Runs.in(undisturbed).selection().orElseThrow().rankedBy().sentence())
                .isEqualTo("ranked by accuracy less 0.02 for each convolution");
        assertThat(undisturbed.resolve("split-root.json")).content().contains("choice 0", "choice 1", "choice 2");
        assertThat(undisturbed.resolve("report.html")).content().contains("Convolutions");
    }

    @Test
    void searchThatWasKilledResumesToTheSameRanking() throws Exception {
        Path killed = directory.resolve("killed");
        for (String node : List.of("root", "1")) {
            Process search = processes.startSearch("killed-" + node, config, killed, withJar);
            awaitUnfinishedRound(killed, node, search);
            kill(search);
        }

        assertThat(processes.startSearch("resumed", config, killed, withJar).waitFor())
                .isZero();

        assertThat(killed.resolve("ranking.csv")).hasSameBinaryContentAs(undisturbed.resolve("ranking.csv"));
    }

    @Test
    void clusterRanksTheSameAfterAKill() throws Exception {
        cluster = new StandaloneCluster(directory, LOGS);
        cluster.start(2);
        Path run = directory.resolve("on-cluster");
        String[] arguments = {"--config", config.toString(), "--run-dir", run.toString()};
        Process search = cluster.begin("cluster-killed", 1, withJar, "search", arguments);
        awaitUnfinishedRound(run, "root", search);
        kill(search);

        int status = cluster.end("cluster-resumed", cluster.begin("cluster-resumed", 1, withJar, "search", arguments));

        assertThat(status).isZero();
        assertThat(run.resolve("ranking.csv")).hasSameBinaryContentAs(undisturbed.resolve("ranking.csv"));
    }

    private static void awaitUnfinishedRound(Path run, String node, Process search) throws InterruptedException {
        while (!Runs.hasUnfinishedRound(run, node)) {
            assertThat(search.isAlive()).as("see the logs in %s", LOGS).isTrue();
            Thread.sleep(20);
        }
    }

    private static void kill(Process search) throws InterruptedException {
        search.descendants().forEach(ProcessHandle::destroyForcibly);
        search.destroyForcibly();
        assertThat(search.waitFor(1, TimeUnit.MINUTES)).isTrue();
    }
}
