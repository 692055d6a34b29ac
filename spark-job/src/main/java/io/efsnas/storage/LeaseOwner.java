package io.efsnas.storage;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.file.Files;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * A process that has the lease of a run directory, as the file {@link #FILE} in the directory names it.
 *
 * @param id an id that no other lease has
 * @param pids tells apart containers of one host, which number their processes on their own
 * @param started when the process began, since numbers of processes are used again
 */
public record LeaseOwner(String id, String host, String pids, long pid, String started) {

    /** The name of the file in a run directory. */
    public static final String FILE = "lease.json";

    private static final ObjectMapper JSON = new ObjectMapper();

    /** How long a file may be away while an object store replaces it. */
    private static final long REPLACEMENT_MILLIS = 1000;

    /** This process, with a lease that no other has. */
    public static LeaseOwner thisProcess() throws IOException {
        return thisProcess(UUID.randomUUID().toString());
    }

    /** This process, with a lease of this id. */
    public static LeaseOwner thisProcess(String id) throws IOException {
        ProcessHandle process = ProcessHandle.current();
        return new LeaseOwner(
                id,
                InetAddress.getLocalHost().getHostName(),
                Files.readSymbolicLink(java.nio.file.Path.of("/proc/self/ns/pid"))
                        .toString(),
                process.pid(),
                started(process));
    }

    private static String started(ProcessHandle process) {
        return process.info().startInstant().map(Instant::toString).orElse("");
    }

    /** Whether the process is one that {@code observer}'s process would see if it was there. */
    public boolean isVisibleTo(LeaseOwner observer) {
        return host.equals(observer.host) && pids.equals(observer.pids);
    }

    /** Whether there is such a process, of those that this one sees. */
    public boolean exists() {
        return ProcessHandle.of(pid)
                .filter(process -> started(process).equals(started))
                .isPresent();
    }

    /** What the file holds. */
    public byte[] toJson() throws JsonProcessingException {
        return JSON.writeValueAsBytes(this);
    }

    /** The owner that a file names; empty if there is no file, or one that is just being written. */
    public static Optional<LeaseOwner> read(FileSystem files, Path file) throws IOException {
        try (InputStream in = files.open(file)) {
            return Optional.of(JSON.readValue(in.readAllBytes(), LeaseOwner.class));
        } catch (FileNotFoundException | JsonProcessingException e) {
            return Optional.empty();
        }
    }

    /** Whether a file names the lease of this id. Object stores may be replacing it, so it is looked at twice. */
    public static boolean names(FileSystem files, Path file, String id) throws IOException {
        if (namesNow(files, file, id)) {
            return true;
        }
        try {
            Thread.sleep(REPLACEMENT_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return namesNow(files, file, id);
    }

    private static boolean namesNow(FileSystem files, Path file, String id) throws IOException {
        return read(files, file).filter(owner -> owner.id().equals(id)).isPresent();
    }
}
