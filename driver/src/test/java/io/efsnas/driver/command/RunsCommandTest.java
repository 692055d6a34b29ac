package io.efsnas.driver.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.efsnas.driver.CommandRun;
import io.efsnas.storage.LeaseOwner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunsCommandTest {

    private static final Instant BEGUN = Instant.parse("2026-11-01T20:00:00Z");
    private static final String COMPLETE =
            "\"state\": \"complete\", \"ended\": \"%s\"".formatted(BEGUN.plusSeconds(3723));

    @TempDir
    private Path directory;

    /** A run of two supernets and two rounds, begun anew ten minutes after its first round began. */
    private Path run(String name, String state, int... supernetsOfRounds) throws IOException {
        Path run = Files.createDirectories(directory.resolve(name));
        Files.writeString(
                run.resolve("search.json"),
                """
                {"versions": {"efsnas": "1"}, "begun": "%s", %s, "data": {"fingerprint": "3c"}, "engine": {},
                 "config": {"training": {"rounds": 2}},
                 "tree": [{"node": "root", "subspace": "all", "width": 2},
                          {"node": "0", "parent": "root", "subspace": "0", "width": 1},
                          {"node": "1", "parent": "root", "subspace": "1", "width": 1}]}
                """
                        .formatted(BEGUN.plusSeconds(600), state));
        int[] rounds = new int[2];
        Files.writeString(
                run.resolve("rounds.json"),
                java.util.Arrays.stream(supernetsOfRounds)
                        .mapToObj(supernet ->
                                """
                                {"round": %d, "begun": %d, "metrics": {"node": "%s"}}"""
                                        .formatted(
                                                supernet < 0 ? 0 : rounds[supernet]++,
                                                BEGUN.toEpochMilli(),
                                                supernet < 0 ? "root" : supernet))
                        .collect(Collectors.joining(",", "[", "]")));
        return run;
    }

    private static void lease(Path run, String host) throws IOException {
        LeaseOwner here = LeaseOwner.thisProcess();
        LeaseOwner owner = new LeaseOwner("other", host, here.pids(), 999_999_999, here.started());
        Files.write(run.resolve("lease.json"), new ObjectMapper().writeValueAsBytes(owner));
    }

    /** Lets all files of a directory be as old as this, and itself. */
    private static void age(Path path, Duration age) throws IOException {
        try (Stream<Path> files = Files.walk(path)) {
            for (Path file : files.toList()) {
                Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(age)));
            }
        }
    }

    private List<String> lines(String... options) {
        String[] arguments = Stream.concat(Stream.of("runs", directory.toString()), Stream.of(options))
                .toArray(String[]::new);
        return CommandRun.succeeding(arguments).out().lines().toList();
    }

    private Set<String> left() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).collect(Collectors.toSet());
        }
    }

    @Test
    void listsStateAccuracyAndDurationByName() throws IOException {
        Files.writeString(
                run("a", COMPLETE, -1, 0, 1).resolve("selection.json"),
                "{\"architecture\": \"a\", \"measures\": {\"accuracy\": 0.76204}, \"reasons\": []}");
        run("b", "\"state\": \"running\"", 0);
        run("c", "\"state\": \"stopped\"", 0);
        run("d", "\"state\": \"failed\"", 0);
        lease(run("e", "\"state\": \"failed\"", 0, 0, 1), "other-host");
        lease(run("f", "\"state\": \"running\"", -1, 0, 1, 1, 0), "other-host");
        lease(run("g", "\"state\": \"running\"", 0), LeaseOwner.thisProcess().host());
        lease(run("h", "\"state\": \"running\", \"supernets\": \"file:/a\""), "other-host");
        lease(run("i", COMPLETE, -1, 0, 1), "other-host");
        Files.createDirectories(directory.resolve("no-run"));
        Files.writeString(Files.createDirectories(directory.resolve("other")).resolve("search.json"), "{}");
        Files.writeString(directory.resolve("file"), "");

        List<String> lines = lines();

        assertThat(lines.get(0)).matches("state +accuracy +duration +last change +run");
        assertThat(lines.get(1)).matches("done +0\\.7620 +1:02:03  20\\d\\d-\\d\\d-\\d\\d \\d\\d:\\d\\d  a");
        assertThat(lines.stream().skip(2).map(line -> line.replaceAll(" +- +\\d+:\\d\\d:\\d\\d  \\S+ \\S+ +", " ")))
                .containsExactly(
                        "stopped b",
                        "stopped c",
                        "failed d",
                        "training e",
                        "scoring f",
                        "stopped g",
                        "scoring h",
                        "retraining i");
    }

    @Test
    void aRunThatCannotBeReadIsLeftOut() throws IOException {
        run("a", "\"state\": \"failed\"", 0);
        Path unclear = run("b", "\"state\": \"failed\"", 0);
        Files.writeString(
                unclear.resolve("search.json"),
                Files.readString(unclear.resolve("search.json"))
                        .replaceFirst("\"begun\": \"[^\"]*\"", "\"begun\": \"\""));

        assertThat(lines()).hasSize(2).last().asString().endsWith(" a");
    }

    @Test
    void aRunOfAFormerVersionIsLeftOut() throws IOException {
        run("a", COMPLETE, 0);
        Path former = run("b", COMPLETE, 0).resolve("search.json");
        Files.writeString(former, Files.readString(former).replace("\"tree\"", "\"subspaces\""));

        assertThat(lines()).hasSize(2).last().asString().endsWith(" a");
    }

    @Test
    void removesWhatIsOldAndNobodyUses() throws IOException {
        run("old", COMPLETE);
        Files.createDirectories(directory.resolve("old/checkpoints/supernet-0"));
        run("old-stopped", "\"state\": \"running\"");
        run("young", COMPLETE);
        lease(run("old-but-alive", COMPLETE), "other-host");
        run("has-another", COMPLETE);
        run("has-another/inside", COMPLETE);
        run("trained", COMPLETE);
        lease(
                run("selecting", "\"state\": \"running\", \"supernets\": \"file:%s/trained\"".formatted(directory)),
                "other-host");
        Files.writeString(run("damaged", COMPLETE).resolve("rounds.json"), "[");
        Files.createDirectories(directory.resolve("no-run"));
        Files.writeString(Files.createDirectories(directory.resolve("other")).resolve("search.json"), "{}");
        age(directory, Duration.ofHours(49));
        for (String alive : List.of("old-but-alive", "selecting")) {
            Path lease = directory.resolve(alive).resolve("lease.json");
            Files.setLastModifiedTime(lease, FileTime.from(Instant.now()));
            age(directory.resolve(alive).resolve("search.json"), Duration.ofHours(49));
        }
        age(directory.resolve("young/search.json"), Duration.ofHours(47));

        List<String> lines = lines("--remove-older-than", "2d");

        assertThat(lines)
                .startsWith("removed file:" + directory + "/old", "removed file:" + directory + "/old-stopped");
        assertThat(left())
                .containsExactlyInAnyOrder(
                        "young", "old-but-alive", "has-another", "trained", "selecting", "damaged", "no-run", "other");
        assertThat(lines).noneMatch(line -> line.endsWith(" old"));
    }

    @Test
    void keepsAndNamesWhatEfsnasHasNotWritten() throws IOException {
        Path run = run("old", COMPLETE);
        Path checkpoints = Files.createDirectories(run.resolve("checkpoints/supernet-0"));
        Files.writeString(checkpoints.resolve("step-00000060.safetensors"), "");
        Files.writeString(checkpoints.resolve("notes.txt"), "");
        Files.writeString(run.resolve("thesis.txt"), "x");
        Files.writeString(Files.createDirectories(run.resolve("photos")).resolve("model.json"), "");
        age(directory, Duration.ofHours(49));

        assertThat(lines("--remove-older-than", "2d"))
                .startsWith("removed file:" + run
                        + ", except for what efsnas did not write: checkpoints/supernet-0/notes.txt,"
                        + " photos, thesis.txt");
        try (Stream<Path> files = Files.walk(run).filter(Files::isRegularFile)) {
            assertThat(files)
                    .containsExactlyInAnyOrder(
                            run.resolve("thesis.txt"),
                            run.resolve("photos/model.json"),
                            checkpoints.resolve("notes.txt"));
        }
    }

    @Test
    void removesNothingUnlessAsked() throws IOException {
        run("old", COMPLETE);
        age(directory, Duration.ofDays(1000));

        assertThat(lines()).hasSize(2);
        assertThat(left()).containsExactly("old");
    }

    @ParameterizedTest
    @ValueSource(strings = {"30", "-1d", "1 week", "P30D", ""})
    void agesHaveAUnit(String age) throws IOException {
        run("old", COMPLETE);

        assertThat(CommandRun.of("runs", directory.toString(), "--remove-older-than", age)
                        .mistake())
                .isEqualTo("--remove-older-than " + age
                        + " is not accepted; expected a number of days or hours, such as 30d or 12h");
        assertThat(left()).containsExactly("old");
    }

    @Test
    void aRunDirectoryIsNotWhereRunsAre() throws IOException {
        Path run = run("a", COMPLETE);

        assertThat(CommandRun.of("runs", run.toString()).mistake())
                .isEqualTo("DIR " + run
                        + " is a run directory itself; expected the directory that run directories are in");
    }

    @Test
    void namesADirectoryThatIsNotThere() {
        assertThat(CommandRun.of("runs", directory.resolve("none").toString()).mistake())
                .isEqualTo("there is no directory file:" + directory.resolve("none"));
    }
}
