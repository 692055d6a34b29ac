package io.efsnas.training;

import io.efsnas.storage.AtomicFile;
import io.efsnas.supernet.SupernetState;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The checkpoints of one supernet: safetensors files named by step in a directory of their own. */
public final class CheckpointStore {

    private static final Logger log = LoggerFactory.getLogger(CheckpointStore.class);
    private static final String FORMAT = "efsnas-supernet-1";
    private static final String SUFFIX = ".safetensors";

    private final Path directory;
    private final Configuration hadoop;
    private final int keep;

    /**
     * The store of a supernet under the directory of all checkpoints of a run.
     *
     * @param supernet its {@link SupernetIndex}
     * @param keep how many checkpoints stay when newer ones are written
     */
    public CheckpointStore(String directory, int supernet, int keep, Configuration hadoop) {
        this.directory = new Path(directory, SupernetIndex.describe(supernet).replace(' ', '-'));
        this.keep = keep;
        this.hadoop = hadoop;
    }

    /** Writes a checkpoint, whole or not at all, and removes the oldest beyond those to keep. */
    public void save(Checkpoint checkpoint) throws IOException {
        Map<String, String> metadata = Map.of("format", FORMAT, "step", Long.toString(checkpoint.step()));
        Safetensors.Content content =
                new Safetensors.Content(metadata, checkpoint.state().tensors());
        FileSystem files = directory.getFileSystem(hadoop);
        AtomicFile.write(files, path(checkpoint.step()), out -> Safetensors.write(content, out));
        List<Long> steps = steps();
        for (long old : steps.subList(0, Math.max(0, steps.size() - keep))) {
            files.delete(path(old), false);
        }
    }

    /** The newest checkpoint that is whole, no later than a step; damaged ones are named in the log and passed over. */
    public Optional<Checkpoint> latest(long step) throws IOException {
        List<Long> steps = steps();
        for (int i = steps.size() - 1; i >= 0; i--) {
            if (steps.get(i) <= step) {
                try {
                    return Optional.of(load(steps.get(i)));
                } catch (IOException e) {
                    log.warn("checkpoint {} cannot be used: {}", path(steps.get(i)), e.getMessage());
                }
            }
        }
        return Optional.empty();
    }

    /** The checkpoint of a step. */
    public Checkpoint load(long step) throws IOException {
        byte[] file;
        try (InputStream in = directory.getFileSystem(hadoop).open(path(step))) {
            file = in.readAllBytes();
        }
        Safetensors.Content content = Safetensors.read(file);
        if (!FORMAT.equals(content.metadata().get("format"))
                || !Long.toString(step).equals(content.metadata().get("step"))) {
            throw new IOException(
                    "it is not a checkpoint of format " + FORMAT + " and step " + step + ": " + content.metadata());
        }
        return new Checkpoint(step, new SupernetState(content.tensors()));
    }

    /** The steps that have a checkpoint file, ascending. */
    private List<Long> steps() throws IOException {
        FileSystem files = directory.getFileSystem(hadoop);
        FileStatus[] found;
        try {
            found = files.listStatus(directory, path -> path.getName().matches("step-\\d+\\" + SUFFIX));
        } catch (FileNotFoundException e) {
            return List.of();
        }
        return Arrays.stream(found)
                .map(status -> status.getPath().getName())
                .map(name -> Long.parseLong(name.substring("step-".length(), name.length() - SUFFIX.length())))
                .sorted()
                .toList();
    }

    private Path path(long step) {
        return new Path(directory, "step-%08d%s".formatted(step, SUFFIX));
    }
}
