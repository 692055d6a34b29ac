package io.efsnas.driver;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.commons.lang3.ArrayUtils;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code efsnas search --dry-run} prints, and that it leaves nothing behind. */
class DryRunIT {

    @TempDir
    private static Path directory;

    private static Path config;

    @BeforeAll
    static void writeConfig() throws IOException {
        config = TinySearch.settings()
                .with("retrain", "{ enabled = true, top = 3, halving = [3, 1], epochs = 4, batch = 32, held-out = 60 }")
                .writeTo(directory);
    }

    private static CommandRun dryRun(Path run, String... further) {
        return CommandRun.search(config, run, ArrayUtils.add(further, "--dry-run"));
    }

    private static List<Path> files() throws IOException {
        try (Stream<Path> all = Stream.concat(Files.walk(directory), Files.list(Path.of("")))) {
            return all.sorted().toList();
        }
    }

    @Test
    void printsWhatEveryStageTakesAndWritesNothing() throws IOException {
        List<Path> before = files();

        CommandRun dry = dryRun(directory.resolve("run")).succeeded();

        assertThat(dry.out().lines().map(line -> line.replaceAll("[0-9][0-9.,]*", "#")))
                .contains(
                        "nas-bench-#: # architectures, # of them connected",
                        "plan: # steps of # subnet(s) on # images for each supernet, # epochs of # images",
                        "images     #x#x# of # classes: # train, # score, # test",
                        "engine     vector: it is configured",
                        "supernet   root: # ms a training step, # ms to score a subnet on a batch",
                        "supernet   #: # ms a training step, # ms to score a subnet on a batch",
                        "memory     at most # MB of a process so far; checkpoints take # MB");
        assertThat(dry.out())
                .contains("images     1x4x4 of 10 classes: 360 train, 120 score, 120 test")
                .contains("cluster    2 task(s) at a time, timed on ")
                .containsPattern("training   about \\d+ s\n")
                .containsPattern("scoring    about \\d+ s, at most 12 architectures\n")
                .containsPattern("measuring  about \\d+ s, or less where devices are idle during training\n")
                .containsPattern("retraining about \\d+ s with vector: it gives the same bits")
                .containsPattern("in all     about .*, from the beginning; nothing was written\n");
        assertThat(files()).isEqualTo(before);
    }

    @Test
    void refusesWhatTheSearchWouldRefuse() throws IOException {
        List<Path> before = files();

        assertThat(dryRun(directory.resolve("run"), "--set", "ranking.limits.flops=1")
                        .mistake())
                .startsWith("ranking.limits: none of the architectures to be scored meets the limits of 1 FLOPs");
        assertThat(dryRun(directory.resolve("run"), "--set", "retrain.top=13", "--set", "retrain.halving=none")
                        .mistake())
                .startsWith("retrain.top: 13 is not accepted; expected at most 1")
                .endsWith("different networks within ranking.limits will be ranked (scoring.architectures, selection)");
        assertThat(files()).isEqualTo(before);
    }

    @Test
    void aLivyServerTakesNoSteps() {
        assertThat(CommandRun.of(
                                "search",
                                "--config",
                                config.toString(),
                                "--dry-run",
                                "--run-dir",
                                directory.resolve("run").toString(),
                                "--livy",
                                "http://localhost:1",
                                "--livy-batch",
                                "batch.json")
                        .mistake())
                .isEqualTo("--dry-run takes its steps from here, not on a Livy server; expected it without --livy, with"
                        + " --master for the cluster's executors");
    }
}
