package io.efsnas.driver.run;

import io.efsnas.driver.process.UserMistake;
import io.efsnas.driver.storage.FileFailure;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * What is in a run directory, by its names: efsnas's own files, and those of somebody else, which are neither removed nor
 * replaced.
 */
public final class RunContents {

    /** The id of a supernet. */
    private static final String NODE = "(?:root|\\d+(?:\\.\\d+)*)";

    /** What has curves in TensorBoard. */
    private static final String CURVES = "(?:supernet-" + NODE + "|finalist-\\d+|model)";

    private static final Pattern OWN_FILE = Pattern.compile(Arrays.stream(RunFile.values())
                    .map(file -> Pattern.quote(file.fileName()))
                    .collect(Collectors.joining("|"))
            + "|(?:split|choice)-" + NODE + "\\.json"
            + "|architectures-seed--?\\d+\\.csv"
            + "|checkpoints/supernet-" + NODE + "/(?:(?:step|unfinished)-\\d+|mean-\\d+-\\d+-of-\\d+)\\.safetensors"
            + "|tensorboard/" + CURVES + "/events\\.out\\.tfevents\\.efsnas"
            + "|retraining/(?:finalist-\\d+/)?epoch-\\d+\\.(?:zip|safetensors)");

    private static final Set<String> REMOVED_LAST =
            Set.of(RunFile.SEARCH.fileName(), RunFile.COMPARISON.fileName(), RunFile.LEASE.fileName());

    private static final Pattern OWN_DIRECTORY = Pattern.compile(
            "checkpoints(?:/supernet-" + NODE + ")?|retraining(?:/finalist-\\d+)?|tensorboard(?:/" + CURVES + ")?");

    /** A file, or Spark's directory of one, under the name that it has before it is complete. */
    private static final Pattern TEMPORARY = Pattern.compile("((?:.*/)?)\\.([^/]+)\\.[0-9a-f-]{36}\\.tmp(?:/.*)?");

    /** The checksum file that Hadoop puts beside another. */
    private static final Pattern CHECKSUM = Pattern.compile("((?:.*/)?)\\.([^/]+)\\.crc");

    /** A file that is being written looks younger than this. */
    private static final Duration ABANDONED = Duration.ofSeconds(5);

    private final FileSystem files;
    private final Path directory;

    public RunContents(RunDirectory run) {
        this.files = run.files();
        this.directory = run.path();
    }

    /** Whether efsnas writes files of this name. */
    public static boolean isOwnName(String name) {
        return OWN_FILE.matcher(name).matches();
    }

    private static boolean isTemporary(String path) {
        Matcher temporary = TEMPORARY.matcher(path);
        return temporary.matches() && isOwn(temporary.group(1) + temporary.group(2));
    }

    private static boolean isOwn(String path) {
        Matcher checksum = CHECKSUM.matcher(path);
        return OWN_FILE.matcher(path).matches()
                || isTemporary(path)
                || (checksum.matches() && isOwn(checksum.group(1) + checksum.group(2)));
    }

    /** Refuses a directory for a search that is neither empty nor a search's. */
    public void requireNoOthers() {
        requireNoOthers(RunFile.SEARCH, RunFile.COMPARISON, "comparison");
    }

    /** The same for a comparison. */
    public void requireNoOthersThanComparison() {
        requireNoOthers(RunFile.COMPARISON, RunFile.SEARCH, "search");
    }

    /**
     * Refuses a directory that is no run's and is not empty: who names it may have mistyped it.
     *
     * @param own the file that every run of the kind has
     * @param others that of another kind, which has a name
     * @throws UserMistake naming what is in it
     */
    private void requireNoOthers(RunFile own, RunFile others, String kind) {
        List<FileStatus> found = list(directory);
        Set<String> names = found.stream().map(file -> file.getPath().getName()).collect(Collectors.toSet());
        if (names.contains(own.fileName())) {
            return;
        }
        if (names.contains(others.fileName())) {
            throw new UserMistake("the directory " + directory + " is that of a " + kind + "; give another");
        }
        List<String> foreign = found.stream()
                .filter(file -> !isRunsOwn(file))
                .map(file -> file.getPath().getName())
                .toList();
        if (!foreign.isEmpty()) {
            throw new UserMistake("the directory " + directory + " is neither empty nor a run directory: it has "
                    + names(foreign) + "; give another, or --allow-other-files to put results beside them");
        }
    }

    private static boolean isRunsOwn(FileStatus file) {
        String name = file.getPath().getName();
        return file.isDirectory() ? OWN_DIRECTORY.matcher(name).matches() || isTemporary(name) : isOwn(name);
    }

    /** A few of some names. */
    public static String names(List<String> all) {
        int shown = 3;
        return all.stream().sorted().limit(shown).collect(Collectors.joining(", "))
                + (all.size() > shown ? " and " + (all.size() - shown) + " more" : "");
    }

    /**
     * Removes the files that efsnas writes, those by which a run is found last, and the directory if nothing is left in it.
     *
     * @return the names of what is left, since somebody else has written it
     */
    List<String> remove() {
        List<String> left = new ArrayList<>();
        removeWithin(directory, "", left);
        try {
            files.delete(RunFile.SEARCH.in(directory), false);
            files.delete(RunFile.COMPARISON.in(directory), false);
            files.delete(RunFile.LEASE.in(directory), false);
            if (left.isEmpty()) {
                files.delete(directory, false);
            }
        } catch (IOException e) {
            throw FileFailure.cannot("remove", directory, e);
        }
        return left;
    }

    private void removeWithin(Path folder, String prefix, List<String> left) {
        for (FileStatus found : list(folder)) {
            String path = prefix + found.getPath().getName();
            try {
                if (REMOVED_LAST.contains(path)) {
                    continue;
                }
                if (found.isDirectory() && OWN_DIRECTORY.matcher(path).matches()) {
                    int before = left.size();
                    removeWithin(found.getPath(), path + "/", left);
                    if (left.size() == before) {
                        files.delete(found.getPath(), false);
                    }
                } else if (isTemporary(path) || (!found.isDirectory() && isOwn(path))) {
                    files.delete(found.getPath(), true);
                } else {
                    left.add(path);
                }
            } catch (IOException e) {
                throw FileFailure.cannot("remove", found.getPath(), e);
            }
        }
    }

    /**
     * Removes what a process that was killed had not finished writing.
     *
     * @param now the time by the clock of the file system, in milliseconds since 1970
     */
    void removeAbandoned(long now) throws IOException {
        removeAbandoned(directory, "", now);
    }

    private void removeAbandoned(Path folder, String prefix, long now) throws IOException {
        for (FileStatus found : list(folder)) {
            String path = prefix + found.getPath().getName();
            if (isTemporary(path)) {
                if (now - found.getModificationTime() > ABANDONED.toMillis()) {
                    files.delete(found.getPath(), true);
                }
            } else if (found.isDirectory() && OWN_DIRECTORY.matcher(path).matches()) {
                removeAbandoned(found.getPath(), path + "/", now);
            }
        }
    }

    private List<FileStatus> list(Path folder) {
        try {
            return Arrays.asList(files.listStatus(folder));
        } catch (FileNotFoundException e) {
            return List.of();
        } catch (IOException e) {
            throw FileFailure.cannot("list", folder, e);
        }
    }
}
