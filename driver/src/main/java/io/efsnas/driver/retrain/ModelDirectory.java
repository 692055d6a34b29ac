package io.efsnas.driver.retrain;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.efsnas.driver.process.UserMistake;
import io.efsnas.driver.storage.JsonFile;
import io.efsnas.retraining.EpochReport;
import io.efsnas.retraining.RetrainingStates;
import io.efsnas.storage.AtomicFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
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
    private static final ObjectMapper JSON = new ObjectMapper();
    /** The setting that says how many workers train, where that is part of the result. */
    static final String WORKERS = "workers";

    /** The setting that says how many threads compute, where that is part of the result. */
    static final String THREADS = "threads";

    /** The setting that says what computes. */
    static final String ENGINE = "engine";

    private static final String SETTINGS = "settings";
    private static final String EPOCHS = "epochs";
    private static final int KEPT = 2;

    private final Path path;
    private final FileSystem files;

    /**
     * @param path of a directory that need not exist yet
     * @throws UserMistake if its file system is unknown
     */
    public ModelDirectory(String path, Configuration hadoop) {
        try {
            Path given = new Path(path);
            this.files = given.getFileSystem(hadoop);
            this.path = files.makeQualified(given);
        } catch (IOException e) {
            throw new UserMistake("cannot keep a model in " + path + ": " + e.getMessage(), e);
        }
    }

    public Path model() {
        return new Path(path, "model.zip");
    }

    /** The weights of a model that libtorch has trained. */
    public Path safetensors() {
        return new Path(path, "model.safetensors");
    }

    /** The directory of the states after the last epochs. */
    public String states() {
        return progress().getParent().toString();
    }

    private Path progress() {
        return new Path(path, "retraining/progress.json");
    }

    private Path state(int epochs) {
        return new Path(path, "retraining/epoch-%04d.zip".formatted(epochs));
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

    /** Writes what says how the model came about and how images are made its input. */
    public void writeDescription(JsonNode description) {
        JsonFile.write(files, new Path(path, "model.json"), description);
    }

    /**
     * Keeps the state after an epoch, and the one before it in case this one gets damaged.
     *
     * @param settings which {@link #checkpoint} has to be given
     */
    void keep(JsonNode settings, ComputationGraph graph, List<EpochReport> epochs) {
        AtomicFile.write(files, state(epochs.size()), out -> ModelSerializer.writeModel(graph, out, true));
        writeProgress(settings, epochs);
        try {
            files.delete(state(epochs.size() - KEPT), false);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot delete " + state(epochs.size() - KEPT) + ": " + e.getMessage(), e);
        }
    }

    /** Writes how far a retraining has come, and what decides its result. */
    void writeProgress(JsonNode settings, List<EpochReport> epochs) {
        ObjectNode progress = JSON.createObjectNode();
        progress.set(SETTINGS, settings);
        progress.set(EPOCHS, JSON.valueToTree(epochs));
        JsonFile.write(files, progress(), progress);
    }

    /** Forgets the settings of a retraining that has no epoch to resume after. */
    void deleteProgress() {
        try {
            files.delete(progress(), false);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot delete " + progress() + ": " + e.getMessage(), e);
        }
    }

    /**
     * Makes sure that the retraining that is here, if one is, has these settings.
     *
     * @throws UserMistake naming the settings that differ
     */
    void requireSettings(JsonNode settings) {
        JsonFile.read(files, progress()).ifPresent(progress -> requireEqual(progress.path(SETTINGS), settings));
    }

    /**
     * The state after the last epoch whose file is whole, if there is one; damaged ones are named in the log.
     *
     * @throws UserMistake naming the settings that differ from those of the retraining that is there
     */
    Optional<Checkpoint> checkpoint(JsonNode settings) {
        return JsonFile.read(files, progress()).flatMap(progress -> checkpoint(progress, settings));
    }

    /** How many workers trained together where averaging made their number part of the result; empty if that is open. */
    public Optional<Integer> workers() {
        return setting(WORKERS);
    }

    /** How many threads compute where their number is part of the result; empty if that is open. */
    public Optional<Integer> threads() {
        return setting(THREADS);
    }

    private Optional<Integer> setting(String name) {
        return JsonFile.read(files, progress())
                .map(progress -> progress.path(SETTINGS).path(name))
                .filter(JsonNode::isInt)
                .map(JsonNode::asInt);
    }

    private Optional<Checkpoint> checkpoint(JsonNode progress, JsonNode settings) {
        requireEqual(progress.path(SETTINGS), settings);
        List<EpochReport> epochs = JSON.convertValue(progress.path(EPOCHS), new TypeReference<List<EpochReport>>() {});
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

    private void requireEqual(JsonNode there, JsonNode here) {
        List<String> different = new ArrayList<>();
        // The text, since a number that was read may be of another type than the same that was not.
        for (String setting : (Iterable<String>) here::fieldNames) {
            String earlier = there.path(setting)
                    .asText(setting.equals(ENGINE) ? Retraining.ENGINE : ""); // which was once the only one
            String now = here.path(setting).asText();
            if (!earlier.equals(now)) {
                different.add(setting + " is " + earlier + " there and " + now + " here");
                if (setting.equals(ENGINE)) {
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
