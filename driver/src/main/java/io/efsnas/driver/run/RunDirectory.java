package io.efsnas.driver.run;

import com.fasterxml.jackson.core.type.TypeReference;
import io.efsnas.driver.process.UserMistake;
import io.efsnas.driver.storage.CsvFile;
import io.efsnas.driver.storage.FileFailure;
import io.efsnas.driver.storage.JsonFile;
import io.efsnas.job.RoundReport;
import io.efsnas.storage.FileSystems;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The files of one search, each read and written by the record of what it says. Each is written under a temporary name and
 * renamed, and read as absent, whole, or damaged, which is a {@link UserMistake} of one line that names the file.
 */
public final class RunDirectory {

    private final Path path;
    private final FileSystem files;
    private Runnable lease = () -> {};

    /**
     * That of {@code --run-dir}.
     *
     * @param path a directory that need not exist yet
     * @throws UserMistake if its file system is unknown, or it is a file
     */
    public RunDirectory(String path, Configuration hadoop) {
        this("--run-dir", path, hadoop);
    }

    /**
     * The same.
     *
     * @param option the option that names the directory
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
            throw FileFailure.cannot("use", option + " " + path, e);
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

    public Path path(RunFile file) {
        return file.in(path);
    }

    /**
     * A file for TensorBoard.
     *
     * @param of {@code supernet-} and its id, {@code finalist-} and its number, or {@code model}
     */
    public Path events(String of) {
        return new Path(path, "tensorboard/" + of + "/events.out.tfevents.efsnas");
    }

    /** The directory of all supernets' checkpoints. */
    public String checkpoints() {
        return new Path(path, "checkpoints").toString();
    }

    /** Whether a file is there, such as {@link RunFile#SEARCH} once a search was started here. */
    public boolean has(RunFile file) {
        try {
            return files.exists(path(file));
        } catch (IOException e) {
            throw FileFailure.cannot("read", path(file), e);
        }
    }

    /**
     * The record of the search, if there is one.
     *
     * @throws UserMistake if it is damaged, or of a former version whose supernets have numbers
     */
    public Optional<SearchRecord> search() {
        Optional<SearchRecord> search = read(RunFile.SEARCH, new TypeReference<>() {});
        if (search.filter(one -> one.tree() == null).isPresent()) {
            throw new UserMistake(
                    "the run directory " + path + " is of a former version of efsnas, whose supernets have"
                            + " numbers; this version neither resumes nor reads it: use that version, or another directory");
        }
        return search;
    }

    /**
     * The record of a search that was run here.
     *
     * @throws UserMistake if there is none
     */
    public SearchRecord requireSearch() {
        return search().orElseThrow(() -> new UserMistake(path + " is not a run directory: it has no "
                + RunFile.SEARCH.fileName() + "; give the one that a search was run with"));
    }

    public void write(SearchRecord search) {
        write(RunFile.SEARCH, search);
    }

    /** The reports of all rounds so far. */
    public List<RoundReport> rounds() {
        return read(RunFile.ROUNDS, new TypeReference<List<RoundReport>>() {}).orElse(List.of());
    }

    public void writeRounds(List<RoundReport> reports) {
        write(RunFile.ROUNDS, reports);
    }

    /** How a supernet was split, if that was measured. */
    public Optional<SplitRecord> split(String node) {
        return JsonFile.read(files, splitFile(node), new TypeReference<>() {});
    }

    public void write(SplitRecord split) {
        requireLease();
        JsonFile.write(files, splitFile(split.node()), split);
    }

    /** Which of the supernets that began as copies of one was kept, if it was chosen. */
    public Optional<ChoiceRecord> choice(String node) {
        return JsonFile.read(files, choiceFile(node), new TypeReference<>() {});
    }

    public void write(ChoiceRecord choice) {
        requireLease();
        JsonFile.write(files, choiceFile(choice.node()), choice);
    }

    private Path choiceFile(String node) {
        return new Path(path, "choice-" + node + ".json");
    }

    private Path splitFile(String node) {
        return new Path(path, "split-" + node + ".json");
    }

    public Optional<SelectionRecord> selection() {
        return read(RunFile.SELECTION, new TypeReference<>() {});
    }

    public void write(SelectionRecord selection) {
        write(RunFile.SELECTION, selection);
    }

    public Optional<ReliabilityRecord> reliability() {
        return read(RunFile.RELIABILITY, new TypeReference<>() {});
    }

    public void write(ReliabilityRecord reliability) {
        write(RunFile.RELIABILITY, reliability);
    }

    public Optional<CorrelationRecord> correlation() {
        return read(RunFile.CORRELATION, new TypeReference<>() {});
    }

    public void write(CorrelationRecord correlation) {
        write(RunFile.CORRELATION, correlation);
    }

    /** Which run on an MLflow server this is, if it was told of there. */
    public Optional<MlflowRecord> mlflow() {
        return read(RunFile.MLFLOW, new TypeReference<>() {});
    }

    public void write(MlflowRecord mlflow) {
        write(RunFile.MLFLOW, mlflow);
    }

    public Optional<ModelRecord> model() {
        return read(RunFile.MODEL, new TypeReference<>() {});
    }

    public void write(ModelRecord model) {
        write(RunFile.MODEL, model);
    }

    /** The architectures that were trained from scratch to find the best, if there were several. */
    public Optional<FinalistsRecord> finalists() {
        return read(RunFile.FINALISTS, new TypeReference<>() {});
    }

    /** Writes them, and their table. */
    public void write(FinalistsRecord finalists) {
        write(RunFile.FINALISTS, finalists);
        CsvFile.write(files, path(RunFile.FINALISTS_TABLE), FinalistsRecord.COLUMNS, finalists.rows());
    }

    /** What a comparison has found so far, if one was run here. */
    public Optional<ComparisonRecord> comparison() {
        return read(RunFile.COMPARISON, new TypeReference<>() {});
    }

    public void write(ComparisonRecord comparison) {
        write(RunFile.COMPARISON, comparison);
    }

    /** The table of the architectures that all searches of a seed score in this comparison. */
    public Path architectures(long seed) {
        return new Path(path, "architectures-seed-" + seed + ".csv");
    }

    /** The directory of a search of this comparison. */
    public RunDirectory of(String search) {
        return new RunDirectory(new Path(path, search).toString(), files.getConf());
    }

    private <T> Optional<T> read(RunFile file, TypeReference<T> type) {
        return JsonFile.read(files, path(file), type);
    }

    private void write(RunFile file, Object value) {
        requireLease();
        JsonFile.write(files, path(file), value);
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
