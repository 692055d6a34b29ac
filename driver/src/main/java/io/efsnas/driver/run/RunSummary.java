package io.efsnas.driver.run;

import com.fasterxml.jackson.databind.JsonNode;
import io.efsnas.driver.process.UserMistake;
import io.efsnas.job.RoundReport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.hadoop.fs.FileStatus;

/**
 * What can be told of a run from its directory.
 *
 * @param accuracy of the selected architecture, 0 to 1; empty as long as none is selected
 * @param duration from the first round's begin to the end, or else to {@code changed}; breaks are counted
 * @param changed when a file in the directory was last written
 * @param supernets the run directory that trained the supernets; empty if it is this one
 */
public record RunSummary(
        RunDirectory run,
        State state,
        Optional<Double> accuracy,
        Duration duration,
        Instant changed,
        Optional<String> supernets) {

    /** The first three are of a run whose lease is held; the others are of no process. */
    public enum State {
        TRAINING,
        SCORING,
        RETRAINING,
        /** By SIGTERM or with its process; the same command goes on. */
        STOPPED,
        FAILED,
        DONE;

        public boolean isAlive() {
            return this == TRAINING || this == SCORING || this == RETRAINING;
        }
    }

    /**
     * Reads a directory.
     *
     * @return empty if no search was run in it
     * @throws UserMistake naming the file if one is damaged
     */
    public static Optional<RunSummary> read(RunDirectory run) {
        return run.search()
                .filter(search -> search.path("versions").has("efsnas"))
                .map(search -> of(run, search));
    }

    private static RunSummary of(RunDirectory run, JsonNode search) {
        List<RoundReport> rounds = run.rounds();
        Optional<String> supernets =
                Optional.ofNullable(search.path("supernets").textValue());
        State recorded = recorded(search.path("state").asText());
        State state = RunLease.isHeld(run) ? working(recorded, rounds, search) : recorded;
        Instant begun = Stream.concat(
                        Stream.of(Instant.parse(search.path("begun").asText())),
                        rounds.stream().mapToLong(RoundReport::begun).mapToObj(Instant::ofEpochMilli))
                .min(Instant::compareTo)
                .orElseThrow();
        Instant changed = changed(run);
        Instant until = search.has("ended") ? Instant.parse(search.path("ended").asText()) : changed;
        return new RunSummary(run, state, run.selectedAccuracy(), Duration.between(begun, until), changed, supernets);
    }

    /** What the process that has the lease is doing. */
    private static State working(State recorded, List<RoundReport> rounds, JsonNode search) {
        int last = search.at("/config/training/rounds").asInt() - 1;
        long trained = rounds.stream().filter(round -> round.round() == last).count();
        if (recorded == State.DONE) {
            return State.RETRAINING;
        }
        return search.has("supernets") || trained == leaves(search) ? State.SCORING : State.TRAINING;
    }

    /** How many supernets at the end of the tree there are. */
    private static long leaves(JsonNode search) {
        Set<String> parents = new HashSet<>();
        search.path(RunDirectory.TREE)
                .forEach(node -> parents.add(node.path("parent").asText()));
        return StreamSupport.stream(search.path(RunDirectory.TREE).spliterator(), false)
                .filter(node -> !parents.contains(node.path("node").asText()))
                .count();
    }

    /** The state of a run that no process has. */
    private static State recorded(String recorded) {
        return switch (recorded) {
            case "complete" -> State.DONE;
            case "failed" -> State.FAILED;
            default -> State.STOPPED;
        };
    }

    private static Instant changed(RunDirectory run) {
        try {
            LongStream times =
                    Arrays.stream(run.files().listStatus(run.path())).mapToLong(FileStatus::getModificationTime);
            return Instant.ofEpochMilli(times.max().orElseThrow());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list " + run + ": " + e.getMessage(), e);
        }
    }
}
