package io.efsnas.driver.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.efsnas.driver.process.UserMistake;
import io.efsnas.storage.LeaseOwner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunLeaseTest {

    @TempDir
    private Path directory;

    private Path file;
    private RunDirectory run;

    @BeforeEach
    void name() {
        file = directory.resolve("run/lease.json");
        run = new RunDirectory(directory.resolve("run").toString(), new Configuration());
    }

    private static void notLost() {
        throw new AssertionError("nobody else takes the lease");
    }

    @Test
    void secondProcessIsRefusedUntilTheFirstGivesUp() throws IOException {
        try (RunLease first = RunLease.take(run, RunLeaseTest::notLost)) {
            assertThatExceptionOfType(UserMistake.class)
                    .isThrownBy(() -> RunLease.take(run, RunLeaseTest::notLost))
                    .withMessageContaining("the run directory file:" + directory.resolve("run")
                            + " is in use by process " + ProcessHandle.current().pid() + " on host ");
            assertThat(directory.resolve("run").toFile().list()).containsExactly("lease.json");
        }
        assertThat(file).doesNotExist();

        RunLease.take(run, RunLeaseTest::notLost).close();
    }

    @Test
    void deadProcessOfThisHostHasNoLease() throws Exception {
        Process dead = new ProcessBuilder("true").start();
        dead.waitFor();
        LeaseOwner here = LeaseOwner.thisProcess();
        write(new LeaseOwner("dead", here.host(), here.pids(), dead.pid(), here.started()), 0);

        RunLease.take(run, RunLeaseTest::notLost).close();
    }

    @Test
    void anotherProcessThatHasTheNumberOfADeadOneIsNotTakenForIt() throws IOException {
        LeaseOwner here = LeaseOwner.thisProcess();
        write(new LeaseOwner("dead", here.host(), here.pids(), here.pid(), "2001-01-01T00:00:00Z"), 0);

        RunLease.take(run, RunLeaseTest::notLost).close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"other-host", ""})
    void processThatCannotBeSeenIsAliveForAMinute(String host) throws IOException {
        LeaseOwner here = LeaseOwner.thisProcess();
        LeaseOwner unseen = host.isEmpty()
                ? new LeaseOwner("unseen", here.host(), "pid:[1]", 999_999_999, here.started())
                : new LeaseOwner("unseen", host, here.pids(), 999_999_999, here.started());
        write(unseen, RunLease.EXPIRY.toSeconds() - 30);
        assertThatExceptionOfType(UserMistake.class)
                .isThrownBy(() -> RunLease.take(run, RunLeaseTest::notLost))
                .withMessageContaining("in use by process 999999999 on host " + unseen.host());

        write(unseen, RunLease.EXPIRY.toSeconds() + 1);
        RunLease.take(run, RunLeaseTest::notLost).close();
    }

    /** As of a search that was suspended, or on a laptop that was asleep. */
    @Test
    void livingProcessOfThisHostHasItsLeaseHoweverSilentItIs() throws IOException {
        LeaseOwner here = LeaseOwner.thisProcess();
        write(here, 10 * RunLease.EXPIRY.toSeconds());

        assertThat(RunLease.isHeld(run)).isTrue();
        assertThatExceptionOfType(UserMistake.class)
                .isThrownBy(() -> RunLease.remove(run))
                .withMessageContaining("in use by process " + here.pid());
        assertThat(file).exists();
    }

    @Test
    void nothingIsWrittenIntoARunDirectoryThatWasTakenOrRemoved() throws IOException {
        AtomicInteger told = new AtomicInteger();
        try (RunLease lease = RunLease.take(run, told::incrementAndGet)) {
            run.writeRounds(List.of());
            Files.delete(directory.resolve("run/rounds.json"));
            Files.delete(file);
            Files.delete(file.getParent());

            assertThatIllegalStateException()
                    .isThrownBy(() -> run.writeRounds(List.of()))
                    .withMessageContaining("another process has taken or removed the run directory");
            assertThat(told).hasValue(1);
            lease.renew();
        }
        assertThat(file.getParent()).doesNotExist();
    }

    @Test
    void whatAKilledProcessHadNotFinishedWritingIsRemoved() throws IOException {
        String suffix = ".00000000-0000-0000-0000-000000000000.tmp";
        Path supernet = Files.createDirectories(file.getParent().resolve("checkpoints/supernet-0"));
        Path table = Files.createDirectories(file.getParent().resolve(".ranking.parquet" + suffix));
        List<Path> abandoned = List.of(
                file.resolveSibling(".lease.json" + suffix),
                supernet.resolve(".step-00000060.safetensors" + suffix),
                table.resolve("part-0"));
        List<Path> others = List.of(
                file.resolveSibling(".thesis.txt" + suffix), file.resolveSibling(".search.json" + suffix), supernet);
        for (Path each : abandoned) {
            Files.writeString(each, "");
            Files.setLastModifiedTime(
                    each, FileTime.from(java.time.Instant.now().minusSeconds(60)));
        }
        Files.setLastModifiedTime(table, FileTime.from(java.time.Instant.now().minusSeconds(60)));
        Files.writeString(others.get(0), "");
        Files.setLastModifiedTime(
                others.get(0), FileTime.from(java.time.Instant.now().minusSeconds(60)));
        Files.writeString(others.get(1), ""); // as one that is being written

        RunLease.take(run, RunLeaseTest::notLost).close();

        assertThat(abandoned).allSatisfy(each -> assertThat(each).doesNotExist());
        assertThat(table).doesNotExist();
        assertThat(others).allSatisfy(each -> assertThat(each).exists());
    }

    @Test
    void halfWrittenLeaseIsRespectedForAMinute() throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, "{\"id\":");
        assertThatExceptionOfType(UserMistake.class)
                .isThrownBy(() -> RunLease.take(run, RunLeaseTest::notLost))
                .withMessageContaining("in use by a process that has just started");

        age(RunLease.EXPIRY.toSeconds() + 1);
        RunLease.take(run, RunLeaseTest::notLost).close();
    }

    @Test
    void leaseThatAnotherHasTakenIsLeftToIt() throws IOException {
        LeaseOwner here = LeaseOwner.thisProcess();
        try (RunLease lease = RunLease.take(run, RunLeaseTest::notLost)) {
            write(new LeaseOwner("thief", "other-host", here.pids(), 1, here.started()), 0);
        }

        assertThat(Files.readString(file)).contains("thief");
    }

    @Test
    void ownerIsToldThatAnotherHasTakenTheLease() throws IOException {
        LeaseOwner here = LeaseOwner.thisProcess();
        AtomicInteger told = new AtomicInteger();
        try (RunLease lease = RunLease.take(run, told::incrementAndGet)) {
            lease.renew();
            assertThat(told).hasValue(0);

            write(new LeaseOwner("thief", "other-host", here.pids(), 1, here.started()), 0);
            lease.renew();

            assertThat(told).hasValue(1);
        }
        assertThat(Files.readString(file)).contains("thief");
    }

    private void write(LeaseOwner owner, long secondsAgo) throws IOException {
        Files.createDirectories(file.getParent());
        Files.write(file, new ObjectMapper().writeValueAsBytes(owner));
        age(secondsAgo);
    }

    private void age(long seconds) throws IOException {
        Files.setLastModifiedTime(file, FileTime.from(java.time.Instant.now().minusSeconds(seconds)));
    }
}
