package io.efsnas.driver;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.efsnas.driver.livy.LivyServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Searches that a real Livy server runs as batches, by the request in {@code deploy/livy}. */
@Timeout(300)
class LivyIT {

    private static final Path LOGS = Path.of("target", "livy").toAbsolutePath();

    @TempDir
    private static Path directory;

    private static Livy livy;
    private static String config;
    private static String batch;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        config = TinySearch.settings()
                .withTwoSupernets()
                .with("supernet.engine", "auto") // what the batch's own process chooses
                .writeTo(directory)
                .toString();
        String request = Files.readString(Path.of("../deploy/livy/batch.json"))
                .replace("/opt/efsnas/efsnas.jar", System.getProperty("efsnas.jar"))
                .replace("4g", "1g");
        batch = Files.writeString(directory.resolve("batch.json"), request).toString();
        livy = new Livy(Files.createDirectory(directory.resolve("livy")), LOGS);
        livy.start();
    }

    @AfterAll
    static void stop() throws InterruptedException {
        livy.stop();
    }

    private String[] search(String runDirectory) {
        return new String[] {
            "search",
            "--livy",
            livy.url(),
            "--livy-batch",
            batch,
            "--config",
            config,
            "--run-dir",
            directory.resolve(runDirectory).toString()
        };
    }

    @Test
    void searchIsSubmittedFollowedAndRead() throws IOException {
        CommandRun search = CommandRun.succeeding(search("run"));

        assertThat(Csv.ranked(directory.resolve("run"))).hasSize(2 * 4);
        assertThat(search.out())
                .contains(
                        "selected   " + Csv.ranked(directory.resolve("run")).get(0),
                        "results    file:" + directory.resolve("run"));
        assertThat(search.out().lines())
                .filteredOn(line -> line.contains("LogProgress: "))
                .doesNotHaveDuplicates()
                .anyMatch(line -> line.contains("supernet 0: round 3 of 3"))
                .anyMatch(line -> line.contains("supernet 1: round 3 of 3"))
                .anyMatch(line -> line.contains("scored 100 % of the subnets"));
        assertThat(search.err()).contains("has ended: success");
    }

    @Test
    void batchThatFailsHasOneClearLineInLivysLog() throws IOException, InterruptedException {
        ObjectNode request =
                (ObjectNode) new ObjectMapper().readTree(Path.of(batch).toFile());
        request.withArray("args").add("--set").add("training.stesp=5");
        LivyServer server = new LivyServer(livy.url());

        int failing = server.submit(request);

        while (!server.state(failing).ended()) {
            Thread.sleep(200);
        }
        assertThat(server.state(failing).name()).isEqualTo("dead");
        assertThat(server.log(failing).output())
                .noneMatch(line -> line.startsWith("\tat "))
                .filteredOn(line -> line.startsWith("efsnas: "))
                .singleElement()
                .asString()
                .startsWith("efsnas: training.stesp: there is no such key; did you mean training.steps?");
    }

    @Test
    void interruptedClientLeavesTheBatchRunning() throws IOException, InterruptedException {
        TestProcesses processes = new TestProcesses(directory, LOGS);
        // A test that runs in the background would have its processes ignore the signal.
        String[] command = {"env", "--default-signal=INT", TestProcesses.LAUNCHER};
        Process client = processes.start(
                "client",
                Stream.of(command, search("left"), new String[] {"--set", "training.steps=1000000"})
                        .flatMap(Arrays::stream)
                        .toList(),
                Map.of("JAVA_HOME", TestProcesses.JAVA_HOME));
        int left = Integer.parseInt(processes
                .await("client", Pattern.compile("submitted as \\S+/batches/(\\d+)"))
                .group(1));

        new ProcessBuilder("kill", "-INT", Long.toString(client.pid())).start().waitFor();

        assertThat(client.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(client.exitValue()).isEqualTo(130);
        assertThat(Files.readString(processes.log("client")))
                .contains("left running; its log is at " + livy.url() + "/batches/" + left + "/log");
        LivyServer server = new LivyServer(livy.url());
        assertThat(server.state(left).ended()).isFalse();
        server.kill(left);
    }
}
