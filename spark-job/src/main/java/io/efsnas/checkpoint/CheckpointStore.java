package io.efsnas.checkpoint;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.efsnas.storage.AtomicFile;
import io.efsnas.storage.LeaseOwner;
import io.efsnas.supernet.SupernetState;
import io.efsnas.supernet.SupernetState.Tensor;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The checkpoints of one supernet: safetensors files named by step in a directory of their own. Those of rounds that
 * have not ended have names of their own: they never push out the ends of rounds, and go when their round ends. Those of
 * a supernet that several workers train are the means of what these have learned, and may be in parts.
 *
 * <p>Attempts of one task that run at the same time do no harm to each other: they write the same weights, and each file
 * appears whole under its name, whoever wrote it.
 */
public final class CheckpointStore {

    private static final Logger log = LoggerFactory.getLogger(CheckpointStore.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String FORMAT = "efsnas-supernet-2";
    /** Comes before the name of a tensor that the training has to remember. */
    private static final String SCHEME = "scheme.";

    private static final Pattern NAME =
            Pattern.compile("(step|unfinished|mean)-(\\d+)(?:-(\\d+)-of-(\\d+))?\\.safetensors");

    /** What a checkpoint is of, by the beginning of its file's name. */
    private enum Kind {
        STEP,
        UNFINISHED,
        MEAN;

        String prefix() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** @param part the part of it that is in the file, if it has parts */
    private record Saved(Kind kind, long step, Optional<CheckpointPart> part) {

        Saved(Kind kind, long step) {
            this(kind, step, Optional.empty());
        }

        String fileName() {
            String of = part.map(one -> "-%d-of-%d".formatted(one.number(), one.parts()))
                    .orElse("");
            return "%s-%08d%s.safetensors".formatted(kind.prefix(), step, of);
        }
    }

    private final String supernet;
    private final Path directory;
    private final Configuration hadoop;
    private final int keep;
    private final Optional<String> lease;

    /**
     * The store of a supernet under the directory of all checkpoints of a run.
     *
     * @param supernet what people call it; the directory is named after it
     * @param keep how many checkpoints stay when newer ones are written
     */
    public CheckpointStore(String directory, String supernet, int keep, Configuration hadoop) {
        this(directory, supernet, keep, hadoop, Optional.empty());
    }

    /**
     * The same, for one who may write only as long as a lease of the run directory, in which the directory of all
     * checkpoints is, is held.
     *
     * @param lease the id of its {@link LeaseOwner}; empty to write in any case
     */
    public CheckpointStore(String directory, String supernet, int keep, Configuration hadoop, Optional<String> lease) {
        this.lease = lease;
        this.supernet = supernet;
        this.directory = new Path(directory, supernet.replace(' ', '-'));
        this.keep = keep;
        this.hadoop = hadoop;
    }

    /** Writes the checkpoint of a round's end, and removes those that are no longer wanted. */
    public void save(Checkpoint checkpoint) throws IOException {
        write(new Saved(Kind.STEP, checkpoint.step()), checkpoint);
        prune(Kind.STEP, checkpoint.step());
        for (Kind within : List.of(Kind.UNFINISHED, Kind.MEAN)) {
            for (Saved file : saved(within)) {
                if (file.step() <= checkpoint.step()) {
                    delete(file);
                }
            }
        }
    }

    /** Writes a checkpoint within a round. */
    public void saveUnfinished(Checkpoint checkpoint) throws IOException {
        write(new Saved(Kind.UNFINISHED, checkpoint.step()), checkpoint);
        prune(Kind.UNFINISHED, checkpoint.step());
    }

    /**
     * Writes a part of a checkpoint within a round that has parts, and removes the same part of earlier ones.
     *
     * @param before those of earlier steps than this one are no longer wanted
     */
    public void savePart(Checkpoint checkpoint, CheckpointPart part, long before) throws IOException {
        write(new Saved(Kind.MEAN, checkpoint.step(), Optional.of(part)), checkpoint);
        for (Saved file : saved(Kind.MEAN)) {
            if (file.step() < before && file.part().equals(Optional.of(part))) {
                delete(file);
            }
        }
    }

    /**
     * A checkpoint within a round that has parts.
     *
     * @throws CheckpointException if a part is missing or damaged
     */
    public Checkpoint loadParts(long step) throws IOException {
        List<Saved> parts =
                saved(Kind.MEAN).stream().filter(file -> file.step() == step).toList();
        if (parts.isEmpty() || parts.size() != parts.get(0).part().orElseThrow().parts()) {
            throw new CheckpointException(
                    "checkpoint " + path(new Saved(Kind.MEAN, step)) + " has only " + parts.size() + " of its parts");
        }
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        Checkpoint last = null;
        for (Saved part : parts) {
            last = load(part);
            tensors.putAll(last.state().tensors());
        }
        return new Checkpoint(new SupernetState(tensors), last.scheme(), last.round());
    }

    /** The newest checkpoint within a round that has parts and is whole; damaged ones are named in the log. */
    public Optional<Checkpoint> latestOfParts(long fromStep, long toStep) throws IOException {
        List<Long> steps = saved(Kind.MEAN).stream()
                .map(Saved::step)
                .filter(step -> step > fromStep && step <= toStep)
                .distinct()
                .sorted(Comparator.reverseOrder())
                .toList();
        for (long step : steps) {
            try {
                return Optional.of(loadParts(step));
            } catch (CheckpointException e) {
                log.warn("{}: {}", supernet, e.getMessage());
            }
        }
        return Optional.empty();
    }

    /** Writes a file, whole or not at all. */
    private void write(Saved file, Checkpoint checkpoint) throws IOException {
        requireLease();
        Map<String, String> metadata = Map.of(
                "format", FORMAT,
                "step", Long.toString(checkpoint.step()),
                "round", JSON.writeValueAsString(checkpoint.round()));
        Map<String, Tensor> tensors = new LinkedHashMap<>(checkpoint.state().tensors());
        checkpoint.scheme().forEach((name, tensor) -> tensors.put(SCHEME + name, tensor));
        Safetensors.Content content = new Safetensors.Content(metadata, tensors);
        AtomicFile.write(directory.getFileSystem(hadoop), path(file), out -> Safetensors.write(content, out));
    }

    /**
     * Removes the checkpoints of a kind up to a step beyond those to keep. Later ones stay, for a late attempt at an earlier
     * round must not harm them; nor do they count, for they may be damaged.
     */
    private void prune(Kind kind, long step) throws IOException {
        List<Saved> all =
                saved(kind).stream().filter(saved -> saved.step() <= step).toList();
        for (Saved old : all.subList(0, Math.max(0, all.size() - keep))) {
            delete(old);
        }
    }

    /** Of a run directory that was removed nothing is made anew, and in one that another process has nothing is written. */
    private void requireLease() throws IOException {
        Path file = new Path(directory.getParent().getParent(), LeaseOwner.FILE);
        if (lease.isPresent() && !LeaseOwner.names(directory.getFileSystem(hadoop), file, lease.get())) {
            throw new IOException(
                    supernet + " writes no checkpoint, since its search no longer" + " has the lease " + file);
        }
    }

    private void delete(Saved file) throws IOException {
        directory.getFileSystem(hadoop).delete(path(file), false);
    }

    /**
     * The newest checkpoint of a round's end that is whole, no later than a step; damaged ones are named in the log and
     * passed over.
     */
    public Optional<Checkpoint> latest(long step) throws IOException {
        return newestWhole(saved(Kind.STEP).stream().filter(file -> file.step() <= step));
    }

    /** The newest checkpoint of a round, its end or within it, that is whole; damaged ones as in {@link #latest}. */
    public Optional<Checkpoint> latestOfRound(long fromStep, long toStep) throws IOException {
        return newestWhole(Stream.concat(saved(Kind.UNFINISHED).stream(), saved(Kind.STEP).stream())
                .filter(file -> file.step() > fromStep && file.step() <= toStep)
                .sorted(Comparator.comparing(Saved::step)));
    }

    private Optional<Checkpoint> newestWhole(Stream<Saved> ascending) {
        List<Saved> files = new ArrayList<>(ascending.toList());
        Collections.reverse(files);
        for (Saved file : files) {
            try {
                return Optional.of(parse(file, read(file)));
            } catch (IOException e) {
                log.warn("{}: checkpoint {} cannot be used: {}", supernet, path(file), e.getMessage());
            }
        }
        return Optional.empty();
    }

    /**
     * The checkpoint of the end of a round.
     *
     * @throws CheckpointException if it is missing or damaged
     */
    public Checkpoint load(long step) throws IOException {
        return load(new Saved(Kind.STEP, step));
    }

    private Checkpoint load(Saved file) throws IOException {
        byte[] bytes;
        try {
            bytes = read(file);
        } catch (FileNotFoundException e) {
            throw new CheckpointException("checkpoint " + path(file) + " is missing", e);
        }
        try {
            return parse(file, bytes);
        } catch (IOException e) {
            throw new CheckpointException("checkpoint " + path(file) + " cannot be used: " + e.getMessage(), e);
        }
    }

    private byte[] read(Saved file) throws IOException {
        try (InputStream in = directory.getFileSystem(hadoop).open(path(file))) {
            return in.readAllBytes();
        }
    }

    private static Checkpoint parse(Saved file, byte[] bytes) throws IOException {
        Safetensors.Content content = Safetensors.read(bytes);
        Map<String, String> metadata = content.metadata();
        if (!FORMAT.equals(metadata.get("format"))
                || !Long.toString(file.step()).equals(metadata.get("step"))
                || !metadata.containsKey("round")) {
            throw new IOException(
                    "it is not a checkpoint of format " + FORMAT + " and step " + file.step() + ": " + metadata);
        }
        Map<String, Tensor> ofSupernet = new LinkedHashMap<>();
        Map<String, Tensor> ofScheme = new LinkedHashMap<>();
        content.tensors().forEach((name, tensor) -> {
            if (name.startsWith(SCHEME)) {
                ofScheme.put(name.substring(SCHEME.length()), tensor);
            } else {
                ofSupernet.put(name, tensor);
            }
        });
        return new Checkpoint(
                new SupernetState(ofSupernet), ofScheme, JSON.readValue(metadata.get("round"), RoundProgress.class));
    }

    /** The files of a kind, by ascending step. */
    private List<Saved> saved(Kind kind) throws IOException {
        FileStatus[] found;
        try {
            found = directory.getFileSystem(hadoop).listStatus(directory);
        } catch (FileNotFoundException e) {
            return List.of();
        }
        return Arrays.stream(found)
                .map(status -> NAME.matcher(status.getPath().getName()))
                .filter(name -> name.matches() && name.group(1).equals(kind.prefix()))
                .filter(name -> (kind == Kind.MEAN) == (name.group(3) != null))
                .map(name -> new Saved(
                        kind,
                        Long.parseLong(name.group(2)),
                        Optional.ofNullable(name.group(3))
                                .map(number ->
                                        new CheckpointPart(Integer.parseInt(number), Integer.parseInt(name.group(4))))))
                .sorted(Comparator.comparing(Saved::step)
                        .thenComparing(saved ->
                                saved.part().map(CheckpointPart::number).orElse(0)))
                .toList();
    }

    private Path path(Saved file) {
        return new Path(directory, file.fileName());
    }
}
