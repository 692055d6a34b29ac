package io.efsnas.driver.retrain;

import com.fasterxml.jackson.core.type.TypeReference;
import io.efsnas.driver.process.UserMistake;
import io.efsnas.driver.run.RetrainingRecord;
import io.efsnas.driver.run.RunFile;
import io.efsnas.driver.storage.FileFailure;
import io.efsnas.driver.storage.JsonFile;
import io.efsnas.retraining.EpochReport;
import io.efsnas.retraining.RetrainingStates;
import io.efsnas.storage.AtomicFile;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where a model is kept, on any file system that Hadoop reaches: {@code model.zip}, which DL4J loads, or {@code
 * model.safetensors}, {@code model.json}, which says what is in it, and in {@code retraining} the states after the last
 * epochs.
 */
public final class ModelDirectory {

    /** The state after some epochs. */
    record Checkpoint(ComputationGraph graph, List<EpochReport> epochs) {}

    private static final Logger log = LoggerFactory.getLogger(ModelDirectory.class);
    /** The setting that says how many workers train, where that is part of the result. */
    static final String WORKERS = "workers";

    /** The setting that says how many threads compute, where that is part of the result. */
    static final String THREADS = "threads";

    /** The setting that says what computes. */
    static final String ENGINE = "engine";

    private static final int KEPT = 2;

    private final Path path;
    private final FileSystem files;

    /**
     * @param path a directory that need not exist yet
     * @throws UserMistake if its file system is unknown
     */
    public ModelDirectory(String path, Configuration hadoop) {
        try {
            Path given = new Path(path);
            this.files = given.getFileSystem(hadoop);
            this.path = files.makeQualified(given);
        } catch (IOException e) {
            throw new UserMistake(FileFailure.sentence("keep a model in", path, e), e);
        }
    }

    public Path model() {
        return RunFile.MODEL_OF_DL4J.in(path);
    }

    /** The weights of a model that libtorch has trained. */
    public Path safetensors() {
        return RunFile.MODEL_WEIGHTS.in(path);
    }

    /** The directory of the states after the last epochs. */
    public String states() {
        return progress().getParent().toString();
    }

    private Path progress() {
        return RunFile.RETRAINING.in(path);
    }

    private Path state(int epochs) {
        return new Path(states(), "epoch-%04d.zip".formatted(epochs));
    }

    /** Writes the model as any program with DL4J loads it, momentum included. */
    void writeModel(ComputationGraph graph) {
        AtomicFile.write(files, model(), out -> ModelSerializer.writeModel(graph, out, true));
    }

    /**
     * Writes a state as {@link #safetensors()}.
     *
     * @param about what the file says of the model
     */
    void writeSafetensors(RetrainingStates.Kept kept, Map<String, String> about) {
        AtomicFile.write(files, safetensors(), out -> RetrainingStates.writeModel(kept.state(), about, out));
    }

    /**
     * Keeps the state after an epoch, and the one before it in case this one gets damaged.
     *
     * @param settings the settings that {@link #checkpoint} must be given
     */
    void keep(Map<String, Object> settings, ComputationGraph graph, List<EpochReport> epochs) {
        AtomicFile.write(files, state(epochs.size()), out -> ModelSerializer.writeModel(graph, out, true));
        writeProgress(settings, epochs);
        try {
            files.delete(state(epochs.size() - KEPT), false);
        } catch (IOException e) {
            throw FileFailure.cannot("delete", state(epochs.size() - KEPT), e);
        }
    }

    /** Writes how far a retraining has come, and what decides its result. */
    void writeProgress(Map<String, Object> settings, List<EpochReport> epochs) {
        JsonFile.write(files, progress(), new RetrainingRecord(settings, epochs));
    }

    /** Forgets the settings of a retraining that has no epoch to resume after. */
    void deleteProgress() {
        try {
            files.delete(progress(), false);
        } catch (IOException e) {
            throw FileFailure.cannot("delete", progress(), e);
        }
    }

    /**
     * Makes sure that the retraining that is here, if one is, has these settings.
     *
     * @throws UserMistake naming the settings that differ
     */
    void requireSettings(Map<String, Object> settings) {
        earlier().ifPresent(progress -> requireEqual(progress, settings));
    }

    /**
     * The state after the last epoch whose file is whole, if there is one; damaged ones are named in the log.
     *
     * @throws UserMistake naming the settings that differ from those of the retraining that is there
     */
    Optional<Checkpoint> checkpoint(Map<String, Object> settings) {
        return earlier().flatMap(progress -> checkpoint(progress, settings));
    }

    /** How many workers trained together where averaging made their number part of the result; empty if that is open. */
    public Optional<Integer> workers() {
        return earlier().flatMap(progress -> progress.wholeNumber(WORKERS));
    }

    /** How many threads compute where their number is part of the result; empty if that is open. */
    public Optional<Integer> threads() {
        return earlier().flatMap(progress -> progress.wholeNumber(THREADS));
    }

    private Optional<RetrainingRecord> earlier() {
        return JsonFile.read(files, progress(), new TypeReference<>() {});
    }

    private Optional<Checkpoint> checkpoint(RetrainingRecord progress, Map<String, Object> settings) {
        requireEqual(progress, settings);
        List<EpochReport> epochs = progress.epochs();
        for (int last = epochs.size(); last > Math.max(0, epochs.size() - KEPT); last--) {
            try (InputStream in = files.open(state(last))) {
                return Optional.of(
                        new Checkpoint(ModelSerializer.restoreComputationGraph(in, true), epochs.subList(0, last)));
            } catch (IOException | RuntimeException e) { // of either kind for a damaged file
                log.warn("the state {} cannot be used: {}", state(last), e.getMessage());
            }
        }
        return Optional.empty();
    }

    private void requireEqual(RetrainingRecord there, Map<String, Object> here) {
        List<String> different = new ArrayList<>();
        for (Map.Entry<String, Object> setting : here.entrySet()) {
            String name = setting.getKey();
            String earlier = there.setting(name)
                    .orElse(name.equals(ENGINE) ? Retraining.ENGINE : ""); // which was once the only one
            String now = setting.getValue().toString();
            if (!earlier.equals(now)) {
                different.add(name + " is " + earlier + " there and " + now + " here");
                if (name.equals(ENGINE)) {
                    break; // other engines have other settings
                }
            }
        }
        if (!different.isEmpty()) {
            throw new UserMistake(progress().getParent() + " holds a retraining with other settings: "
                    + String.join("; ", different) + "; set them alike, or give another --output");
        }
    }
}
