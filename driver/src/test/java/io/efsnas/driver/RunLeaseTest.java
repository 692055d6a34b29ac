package io.efsnas.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.efsnas.driver.RunLease.Owner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
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
            assertThatIllegalArgumentException()
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
        Owner here = Owner.thisProcess();
        write(new Owner("dead", here.host(), here.pids(), dead.pid(), here.started()), 0);

        RunLease.take(run, RunLeaseTest::notLost).close();
    }

    @Test
    void anotherProcessThatHasTheNumberOfADeadOneIsNotTakenForIt() throws IOException {
        Owner here = Owner.thisProcess();
        write(new Owner("dead", here.host(), here.pids(), here.pid(), "2001-01-01T00:00:00Z"), 0);

        RunLease.take(run, RunLeaseTest::notLost).close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"other-host", ""})
    void processThatCannotBeSeenIsAliveForAMinute(String host) throws IOException {
        Owner here = Owner.thisProcess();
        Owner unseen = host.isEmpty()
                ? new Owner("unseen", here.host(), "pid:[1]", 999_999_999, here.started())
                : new Owner("unseen", host, here.pids(), 999_999_999, here.started());
        write(unseen, RunLease.EXPIRY.toSeconds() - 30);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RunLease.take(run, RunLeaseTest::notLost))
                .withMessageContaining("in use by process 999999999 on host " + unseen.host());

        write(unseen, RunLease.EXPIRY.toSeconds() + 1);
        RunLease.take(run, RunLeaseTest::notLost).close();
    }

    @Test
    void halfWrittenLeaseIsRespectedForAMinute() throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, "{\"id\":");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RunLease.take(run, RunLeaseTest::notLost))
                .withMessageContaining("in use by a process that has just begun");

        age(RunLease.EXPIRY.toSeconds() + 1);
        RunLease.take(run, RunLeaseTest::notLost).close();
    }

    @Test
    void leaseThatAnotherHasTakenIsLeftToIt() throws IOException {
        Owner here = Owner.thisProcess();
        try (RunLease lease = RunLease.take(run, RunLeaseTest::notLost)) {
            write(new Owner("thief", "other-host", here.pids(), 1, here.started()), 0);
        }

        assertThat(Files.readString(file)).contains("thief");
    }

    @Test
    void ownerIsToldThatAnotherHasTakenTheLease() throws IOException {
        Owner here = Owner.thisProcess();
        AtomicInteger told = new AtomicInteger();
        try (RunLease lease = RunLease.take(run, told::incrementAndGet)) {
            lease.renew();
            assertThat(told).hasValue(0);

            write(new Owner("thief", "other-host", here.pids(), 1, here.started()), 0);
            lease.renew();

            assertThat(told).hasValue(1);
        }
        assertThat(Files.readString(file)).contains("thief");
    }

    private void write(Owner owner, long secondsAgo) throws IOException {
        Files.createDirectories(file.getParent());
        Files.write(file, new ObjectMapper().writeValueAsBytes(owner));
        age(secondsAgo);
    }

    private void age(long seconds) throws IOException {
        Files.setLastModifiedTime(file, FileTime.from(java.time.Instant.now().minusSeconds(seconds)));
    }
}
