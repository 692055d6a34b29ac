package io.efsnas.driver.run;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import io.efsnas.driver.process.UserMistake;
import io.efsnas.driver.storage.JsonFile;
import io.efsnas.job.RoundReport;
import io.efsnas.storage.FileSystems;
import io.efsnas.storage.LeaseOwner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** The files of one search. Each is written under a temporary name and renamed. */
public final class RunDirectory {

    public static final String SEARCH = "search.json";
    /** The supernets, in {@link #SEARCH}. */
    public static final String TREE = "tree";

    private static final String SELECTION = "selection.json";
    private static final String ROUNDS = "rounds.json";

    private final Path path;
    private final FileSystem files;
    private Runnable lease = () -> {};

    /**
     * That of {@code --run-dir}.
     *
     * @param path of a directory that need not exist yet
     * @throws UserMistake if its file system is unknown, or it is a file
     */
    public RunDirectory(String path, Configuration hadoop) {
        this("--run-dir", path, hadoop);
    }

    /**
     * The same.
     *
     * @param option that names the directory
     */
    public RunDirectory(String option, String path, Configuration hadoop) {
        Path given = UserMistake.checking(() -> FileSystems.path(option, path));
        this.files = UserMistake.checking(() -> FileSystems.of(given, hadoop));
        this.path = files.makeQualified(given);
        try {
            if (files.exists(given) && !files.getFileStatus(given).isDirectory()) {
                throw new UserMistake(option + " " + path + " is a file; expected a directory");
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot use " + option + " " + path + ": " + e.getMessage(), e);
        }
    }

    /** From now on nothing is written unless the lease, which throws if it is lost, is still held. */
    void writeOnlyIf(Runnable held) {
        this.lease = held;
    }

    /** Makes sure that this process may write here, if it has taken a lease. */
    public void requireLease() {
        lease.run();
    }

    public FileSystem files() {
        return files;
    }

    public Path path() {
        return path;
    }

    public Path rankingCsv() {
        return new Path(path, "ranking.csv");
    }

    public Path rankingParquet() {
        return new Path(path, "ranking.parquet");
    }

    /** All scores so far. */
    public Path scoresCsv() {
        return new Path(path, "scores.csv");
    }

    /** The state of an evolutionary or random search. */
    public Path evolutionCsv() {
        return new Path(path, "evolution.csv");
    }

    public Path selection() {
        return new Path(path, SELECTION);
    }

    /** What {@code selection.json} says, if it is there. */
    public Optional<JsonNode> selected() {
        return read(SELECTION, "/architecture");
    }

    public Path reliability() {
        return new Path(path, "reliability.json");
    }

    public Path correlation() {
        return new Path(path, "correlation.json");
    }

    Path lease() {
        return new Path(path, LeaseOwner.FILE);
    }

    /** The directory of all supernets' checkpoints. */
    public String checkpoints() {
        return new Path(path, "checkpoints").toString();
    }

    /** Whether a search was begun here. */
    public boolean hasSearch() {
        try {
            return files.exists(new Path(path, SEARCH));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + path + ": " + e.getMessage(), e);
        }
    }

    /**
     * What {@code search.json} says, if it is there.
     *
     * @throws UserMistake if it is damaged, or of a former version whose supernets have numbers
     */
    public Optional<JsonNode> search() {
        Optional<JsonNode> search = read(SEARCH, "/config", "/versions/efsnas");
        if (search.filter(one -> !one.has(TREE)).isPresent()) {
            throw ofFormerVersion(path);
        }
        return search;
    }

    /** What {@code search.json} says of a search that has been run here. */
    public JsonNode requireSearch() {
        return search().orElseThrow(() -> new UserMistake(
                path + " is no run directory: it has no " + SEARCH + "; give the one that a search was run with"));
    }

    /** What a file says, if it is there. */
    private Optional<JsonNode> read(String name, String... required) {
        Path file = new Path(path, name);
        Optional<JsonNode> value = JsonFile.read(files, file);
        value.ifPresent(json -> {
            for (String pointer : required) {
                JsonFile.require(file, json, pointer);
            }
        });
        return value;
    }

    /** What to tell of a directory whose supernets have numbers. */
    public static UserMistake ofFormerVersion(Path directory) {
        return new UserMistake("the run directory " + directory + " is of a former version of efsnas, whose supernets"
                + " have numbers; this version neither resumes nor reads it: use that version, or another directory");
    }

    public void writeSearch(JsonNode search) {
        requireLease();
        JsonFile.write(files, new Path(path, SEARCH), search);
    }

    /** The reports of all rounds so far. */
    public List<RoundReport> rounds() {
        return JsonFile.read(files, new Path(path, ROUNDS), new TypeReference<List<RoundReport>>() {})
                .orElse(List.of());
    }

    public void writeRounds(List<RoundReport> reports) {
        requireLease();
        JsonFile.write(files, new Path(path, ROUNDS), reports);
    }

    /** How a supernet was split, if that was measured. */
    public Optional<RecordedSplit> split(String node) {
        return JsonFile.read(files, splitFile(node), new TypeReference<RecordedSplit>() {});
    }

    public void writeSplit(RecordedSplit split) {
        requireLease();
        JsonFile.write(files, splitFile(split.node()), split);
    }

    private Path splitFile(String node) {
        return new Path(path, "split-" + node + ".json");
    }

    /** The accuracy of the selected architecture, 0 to 1, if one is selected. */
    Optional<Double> selectedAccuracy() {
        return read(SELECTION, "/accuracy")
                .map(selection -> selection.path("accuracy").doubleValue());
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
