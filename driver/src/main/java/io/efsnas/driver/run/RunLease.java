package io.efsnas.driver.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.efsnas.driver.process.DaemonTimer;
import io.efsnas.driver.process.Termination;
import io.efsnas.driver.process.UserMistake;
import io.efsnas.driver.storage.FileFailure;
import io.efsnas.storage.AtomicFile;
import io.efsnas.storage.LeaseOwner;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The right of one process to write a run directory, by a file in it that names the owner and is written anew while the
 * owner lives. The lease of an owner that died ends at once if the owner was a process of this host, where a process that
 * is there has its lease however long it has been silent, else after {@link #EXPIRY}.
 *
 * <p>Clocks of hosts are never compared: how old a sign of life is, the file system says by its own clock, of which a
 * file that is written now tells the time. Two processes that take the lease of a dead one at the same moment, or any lease
 * where a file system cannot create a file in one step (object stores), find out after {@link #TAKEOVER} which of them
 * has it. Should one have been slower than that, it finds out at its next sign of life, and does no harm until then, since
 * both would write the same bytes.
 */
public final class RunLease implements AutoCloseable {

    /** How old the last sign of life of an owner on another host must be for the owner to count as dead. */
    static final Duration EXPIRY = Duration.ofSeconds(60);

    private static final Duration RENEWAL = EXPIRY.dividedBy(6);

    /** How long after it has written its name a process looks whether another one has done the same. */
    private static final Duration TAKEOVER = Duration.ofSeconds(1);

    private static final Logger log = LoggerFactory.getLogger(RunLease.class);
    private final FileSystem files;
    private final Path file;
    private final LeaseOwner owner;
    private final Runnable lost;
    /** Whether it was logged that the lease is lost. */
    private boolean told;

    private final ScheduledExecutorService renewal = DaemonTimer.of("efsnas-lease");

    private RunLease(FileSystem files, Path file, LeaseOwner owner, Runnable lost) {
        this.files = files;
        this.file = file;
        this.owner = owner;
        this.lost = lost;
    }

    /**
     * Takes the lease of a run directory until {@link #close}.
     *
     * @param lost run when another process has taken the lease, as it may if this one showed no sign of life for a
     *     while, and then again until the lease is closed
     * @throws UserMistake naming the owner if a process that may be alive has the lease
     */
    public static RunLease take(RunDirectory run, Runnable lost) {
        return take(run, UUID.randomUUID().toString(), lost);
    }

    /**
     * The same.
     *
     * @param id the id by which executors know the lease; no other lease has it
     */
    @SuppressWarnings("FutureReturnValueIgnored") // renewing logs what fails
    public static RunLease take(RunDirectory run, String id, Runnable lost) {
        try {
            RunLease lease = new RunLease(run.files(), run.path(RunFile.LEASE), LeaseOwner.thisProcess(id), lost);
            lease.acquire(run);
            new RunContents(run).removeAbandoned(lease.writtenAt());
            run.writeOnlyIf(lease::require);
            lease.renewal.scheduleAtFixedRate(lease::renew, RENEWAL.toSeconds(), RENEWAL.toSeconds(), TimeUnit.SECONDS);
            return lease;
        } catch (IOException e) {
            throw FileFailure.cannot("take", "the lease " + run.path(RunFile.LEASE), e);
        }
    }

    /** Whether a process that may be alive has the lease of a run directory. */
    static boolean isHeld(RunDirectory run) {
        try {
            RunLease observer = new RunLease(run.files(), run.path(RunFile.LEASE), LeaseOwner.thisProcess(), () -> {});
            return run.files().exists(run.path(RunFile.LEASE)) && observer.mayBeAlive(observer.current());
        } catch (IOException e) {
            throw FileFailure.cannot("read", "the lease " + run.path(RunFile.LEASE), e);
        }
    }

    /**
     * Removes what efsnas has written into a run directory, and the directory if nothing else is in it; of a comparison also
     * its searches. Its lease is taken before, and goes with it.
     *
     * @return the names of what is left
     * @throws UserMistake naming the owner if a process that may be alive has the lease
     */
    public static List<String> remove(RunDirectory run) {
        try {
            new RunLease(run.files(), run.path(RunFile.LEASE), LeaseOwner.thisProcess(), () -> {}).acquire(run);
            for (ComparisonRecord.Search search :
                    run.comparison().map(ComparisonRecord::searches).orElse(List.of())) {
                RunDirectory inside = run.of(search.name());
                if (run.files().exists(inside.path())) {
                    remove(inside);
                }
            }
        } catch (IOException e) {
            throw FileFailure.cannot("take", "the lease " + run.path(RunFile.LEASE), e);
        }
        return new RunContents(run).remove();
    }

    private void acquire(RunDirectory run) throws IOException {
        if (!AtomicFile.create(files, file, owner.toJson())) {
            Optional<LeaseOwner> other = current();
            String name = other.map(found -> "process " + found.pid() + " on host " + found.host())
                    .orElse("a process that has just started");
            if (mayBeAlive(other)) {
                throw new UserMistake("the run directory " + run + " is in use by " + name
                        + "; end that process, or use another run directory. If it died on another host, wait "
                        + EXPIRY.toSeconds() + " seconds");
            }
            log.info("{}, which had the run directory, is gone", name);
            write();
            pause();
        }
        if (!isMine()) {
            throw new UserMistake("the run directory " + run + " was taken by another process just now");
        }
    }

    private static void pause() throws InterruptedIOException {
        try {
            Thread.sleep(TAKEOVER.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
    }

    /**
     * @param other the owner that the file names, if it names one
     */
    private boolean mayBeAlive(Optional<LeaseOwner> other) throws IOException {
        if (other.isPresent() && other.get().isVisibleTo(owner)) {
            return other.get().exists(); // asleep or suspended, it shows no sign of life, and will wake up
        }
        return silence().compareTo(EXPIRY) < 0;
    }

    /** How long ago the file was written, by the clock of its file system. */
    private Duration silence() throws IOException {
        Path probe = AtomicFile.temporary(file);
        try {
            files.create(probe, false).close();
            FileStatus written = files.getFileStatus(file);
            return Duration.ofMillis(files.getFileStatus(probe).getModificationTime() - written.getModificationTime());
        } catch (FileNotFoundException e) {
            return EXPIRY; // its owner has just given it up
        } finally {
            files.delete(probe, false);
        }
    }

    /** Shows a sign of life, or finds that the lease is lost. */
    void renew() {
        try {
            if (isMine()) {
                write();
            } else {
                if (!told) {
                    log.error("another process has taken or removed the lease {}", file);
                    told = true;
                }
                lost.run();
            }
        } catch (IOException | RuntimeException | FSError e) { // else it would never be renewed again
            log.warn("the lease cannot be renewed: {}", e.getMessage());
        }
    }

    private void write() throws JsonProcessingException {
        AtomicFile.write(files, file, owner.toJson());
    }

    private boolean isMine() throws IOException {
        return current().filter(owner::equals).isPresent();
    }

    private Optional<LeaseOwner> current() throws IOException {
        return LeaseOwner.read(files, file);
    }

    /** When the lease was last written, by the clock of its file system. */
    private long writtenAt() throws IOException {
        return files.getFileStatus(file).getModificationTime();
    }

    /**
     * Makes sure, before something is written, that the run directory is still this process's.
     *
     * @throws IllegalStateException if another process has taken or removed it
     */
    private void require() {
        try {
            if (!LeaseOwner.names(files, file, owner.id())) {
                lost.run();
                throw new IllegalStateException(Termination.Cause.LEASE_LOST.line());
            }
        } catch (IOException e) {
            throw FileFailure.cannot("read", "the lease " + file, e);
        }
    }

    /** Gives the lease up, unless another process has taken it. */
    @Override
    public void close() {
        boolean interrupted = Thread.interrupted(); // which ends a search, and not what follows its end
        renewal.shutdown(); // without an interrupt, of which Hadoop would log the stack
        try {
            renewal.awaitTermination(RENEWAL.toSeconds(), TimeUnit.SECONDS);
            if (isMine()) {
                files.delete(file, false);
            }
        } catch (InterruptedException e) {
            interrupted = true;
        } catch (IOException e) {
            log.warn("the lease {} cannot be released, and will expire: {}", file, e.getMessage());
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
