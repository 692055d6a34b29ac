package io.efsnas.driver.retrain;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.efsnas.storage.AtomicFile;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;

/**
 * Where a model is kept, on any file system that Hadoop reaches: {@code model.zip}, which DL4J loads, {@code model.json},
 * which says what is in it, and in {@code retraining} the state after the last epoch.
 */
public final class ModelDirectory {

    /** The state of an unfinished retraining. */
    record Checkpoint(ComputationGraph graph, List<EpochReport> epochs) {}

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String SETTINGS = "settings";
    private static final String EPOCHS = "epochs";

    private final Path path;
    private final FileSystem files;

    /**
     * @param path of a directory that need not exist yet
     * @throws IllegalArgumentException if its file system is unknown
     */
    public ModelDirectory(String path, Configuration hadoop) {
        try {
            Path given = new Path(path);
            this.files = given.getFileSystem(hadoop);
            this.path = files.makeQualified(given);
        } catch (IOException e) {
            throw new IllegalArgumentException("cannot keep a model in " + path + ": " + e.getMessage(), e);
        }
    }

    public Path model() {
        return new Path(path, "model.zip");
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

    /** Writes what says how the model came about and how images are made its input. */
    public void writeDescription(JsonNode description) {
        write(new Path(path, "model.json"), description);
    }

    /**
     * Keeps the state after an epoch in place of the one before.
     *
     * @param settings by which {@link #checkpoint} finds it
     */
    void keep(JsonNode settings, ComputationGraph graph, List<EpochReport> epochs) {
        AtomicFile.write(files, state(epochs.size()), out -> ModelSerializer.writeModel(graph, out, true));
        ObjectNode progress = JSON.createObjectNode();
        progress.set(SETTINGS, settings);
        progress.set(EPOCHS, JSON.valueToTree(epochs));
        write(progress(), progress);
        try {
            files.delete(state(epochs.size() - 1), false);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot delete " + state(epochs.size() - 1) + ": " + e.getMessage(), e);
        }
    }

    /** The state after the last epoch of a retraining with these settings, if there has been one. */
    Optional<Checkpoint> checkpoint(JsonNode settings) {
        try (InputStream in = files.open(progress())) {
            JsonNode progress = JSON.readTree(in);
            // The text, since a number that was read may be of another type than the same that was not.
            if (!progress.path(SETTINGS).toString().equals(settings.toString())) {
                return Optional.empty();
            }
            List<EpochReport> epochs =
                    JSON.convertValue(progress.path(EPOCHS), new TypeReference<List<EpochReport>>() {});
            try (InputStream state = files.open(state(epochs.size()))) {
                return Optional.of(new Checkpoint(ModelSerializer.restoreComputationGraph(state, true), epochs));
            }
        } catch (FileNotFoundException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "cannot read the unfinished retraining in " + progress().getParent() + ": " + e.getMessage(), e);
        }
    }

    private void write(Path file, JsonNode json) {
        AtomicFile.write(
                files,
                file,
                out -> out.write(JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(json)));
    }
}
