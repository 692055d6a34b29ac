package io.efsnas.retraining;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.efsnas.checkpoint.Safetensors;
import io.efsnas.network.AuxiliaryHead;
import io.efsnas.storage.AtomicFile;
import io.efsnas.supernet.SupernetState;
import io.efsnas.supernet.SupernetState.Tensor;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The states of a retraining after its last epochs: safetensors files named by epoch, each with the reports of all epochs
 * up to it. The one before the last is kept in case that one gets damaged.
 */
public final class RetrainingStates {

    /**
     * A retraining as it was after some epochs.
     *
     * @param epochs their reports
     */
    public record Kept(Map<String, Tensor> state, List<EpochReport> epochs) {}

    private static final Logger log = LoggerFactory.getLogger(RetrainingStates.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String FORMAT = "format";
    private static final String STATE = "efsnas-retraining-1";
    private static final String MODEL = "efsnas-model-1";
    private static final String EPOCHS = "epochs";
    private static final Pattern NAME = Pattern.compile("epoch-(\\d{4,9})\\.safetensors");
    private static final int KEPT = 2;

    private final Path directory;
    private final FileSystem files;

    /**
     * @param directory a directory that need not exist yet
     * @throws UncheckedIOException if its file system does not answer
     */
    public RetrainingStates(String directory, Configuration hadoop) {
        try {
            this.directory = new Path(directory);
            this.files = this.directory.getFileSystem(hadoop);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot use " + directory + ": " + e.getMessage(), e);
        }
    }

    /** Keeps a state, and of earlier ones the last. */
    public void keep(Kept kept) {
        int epoch = kept.epochs().size();
        AtomicFile.write(files, path(epoch), out -> {
            Map<String, String> metadata = Map.of(FORMAT, STATE, EPOCHS, JSON.writeValueAsString(kept.epochs()));
            Safetensors.write(new Safetensors.Content(metadata, kept.state()), out);
        });
        try {
            for (int earlier : epochs()) {
                if (earlier <= epoch - KEPT) {
                    files.delete(path(earlier), false);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot delete from " + directory + ": " + e.getMessage(), e);
        }
    }

    /** The last state that is whole, if there is one; damaged ones are named in the log and passed over. */
    public Optional<Kept> latest() {
        return epochs().stream()
                .sorted(Comparator.reverseOrder())
                .flatMap(epoch -> read(epoch).stream())
                .findFirst();
    }

    /** After how many epochs the last state was kept, whole or not; 0 without one. */
    public int lastEpoch() {
        return epochs().stream().max(Comparator.naturalOrder()).orElse(0);
    }

    private Optional<Kept> read(int epoch) {
        try (InputStream in = files.open(path(epoch))) {
            Safetensors.Content content = Safetensors.read(in.readAllBytes());
            if (!STATE.equals(content.metadata().get(FORMAT))) {
                throw new IOException("it is not a state of format " + STATE + ": " + content.metadata());
            }
            List<EpochReport> epochs =
                    JSON.readValue(content.metadata().get(EPOCHS), new TypeReference<List<EpochReport>>() {});
            if (epochs.size() != epoch) {
                throw new IOException("it reports " + epochs.size() + " epochs, not " + epoch);
            }
            return Optional.of(new Kept(content.tensors(), epochs));
        } catch (IOException e) {
            log.warn("the state {} cannot be used: {}", path(epoch), e.getMessage());
            return Optional.empty();
        }
    }

    private List<Integer> epochs() {
        try {
            return Arrays.stream(files.listStatus(directory))
                    .map(FileStatus::getPath)
                    .map(file -> NAME.matcher(file.getName()))
                    .filter(Matcher::matches)
                    .map(name -> Integer.parseInt(name.group(1)))
                    .toList();
        } catch (FileNotFoundException e) {
            return List.of();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + directory + ": " + e.getMessage(), e);
        }
    }

    private Path path(int epoch) {
        return new Path(directory, "epoch-%04d.safetensors".formatted(epoch));
    }

    /**
     * Writes a state as a model: its weights and statistics, or their averages if it has them, without momenta and without an
     * auxiliary head.
     *
     * @param about what the file's metadata say of the model
     */
    public static void writeModel(Map<String, Tensor> state, Map<String, String> about, OutputStream out)
            throws IOException {
        Map<String, String> metadata = new TreeMap<>(about);
        metadata.put(FORMAT, MODEL);
        Map<String, Tensor> tensors = new LinkedHashMap<>(NetworkTensors.averaged(state));
        tensors.keySet()
                .removeIf(name -> name.startsWith(SupernetState.MOMENTUM) || name.startsWith(AuxiliaryHead.PREFIX));
        Safetensors.write(new Safetensors.Content(metadata, tensors), out);
    }
}
