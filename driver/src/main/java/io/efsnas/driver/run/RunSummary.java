package io.efsnas.driver.run;

import io.efsnas.driver.process.UserMistake;
import io.efsnas.driver.storage.FileFailure;
import io.efsnas.job.RoundReport;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.hadoop.fs.FileStatus;

/**
 * What can be told of a run from its directory.
 *
 * @param accuracy the accuracy of the selected architecture, 0 to 1; empty as long as none is selected
 * @param duration the time from the start of the first round to the end, or else to {@code changed}; breaks are
 *     counted
 * @param changed when a file in the directory was last written
 * @param supernets the run directory that trained the supernets; empty if it is this one
 * @param searches of a comparison; empty for a search
 */
public record RunSummary(
        RunDirectory run,
        State state,
        Optional<Double> accuracy,
        Duration duration,
        Instant changed,
        Optional<String> supernets,
        List<RunSummary> searches) {

    /** The first four are of a run whose lease is held; the others are of no process. */
    public enum State {
        TRAINING,
        SCORING,
        RETRAINING,
        COMPARING,
        /** By SIGTERM or with its process; the same command goes on. */
        STOPPED,
        FAILED,
        DONE;

        public boolean isAlive() {
            return this == TRAINING || this == SCORING || this == RETRAINING || this == COMPARING;
        }
    }

    /**
     * Reads a directory.
     *
     * @return empty if neither a search nor a comparison was run in it
     * @throws UserMistake naming the file if one is damaged
     */
    public static Optional<RunSummary> read(RunDirectory run) {
        return run.search().map(search -> of(run, search)).or(() -> run.comparison()
                .map(comparison -> of(run, comparison)));
    }

    private static RunSummary of(RunDirectory run, ComparisonRecord comparison) {
        List<RunSummary> searches = comparison.searches().stream()
                .flatMap(search -> read(run.of(search.name())).stream())
                .toList();
        boolean failed =
                comparison.searches().stream().anyMatch(search -> search.state() == ComparisonRecord.State.FAILED);
        State ended = comparison.ended() == null ? State.STOPPED : failed ? State.FAILED : State.DONE;
        Instant changed = Stream.concat(
                        Stream.of(changed(run)), searches.stream().map(RunSummary::changed))
                .max(Instant::compareTo)
                .orElseThrow();
        return new RunSummary(
                run,
                RunLease.isHeld(run) ? State.COMPARING : ended,
                Optional.empty(),
                Duration.between(
                        Instant.parse(comparison.begun()),
                        comparison.ended() == null ? changed : Instant.parse(comparison.ended())),
                changed,
                Optional.empty(),
                searches);
    }

    private static RunSummary of(RunDirectory run, SearchRecord search) {
        List<RoundReport> rounds = run.rounds();
        State recorded = recorded(search.state());
        State state = RunLease.isHeld(run) ? working(recorded, rounds, search) : recorded;
        Instant begun = Stream.concat(
                        Stream.of(Instant.parse(search.begun())),
                        rounds.stream().mapToLong(RoundReport::begun).mapToObj(Instant::ofEpochMilli))
                .min(Instant::compareTo)
                .orElseThrow();
        Instant changed = changed(run);
        Instant until = search.ended() == null ? changed : Instant.parse(search.ended());
        return new RunSummary(
                run,
                state,
                run.selection().map(selection -> selection.measures().get("accuracy")),
                Duration.between(begun, until),
                changed,
                Optional.ofNullable(search.supernets()),
                List.of());
    }

    /** What the process that has the lease is doing. */
    private static State working(State recorded, List<RoundReport> rounds, SearchRecord search) {
        int last = search.rounds() - 1;
        long trained = rounds.stream().filter(round -> round.round() == last).count();
        if (recorded == State.DONE) {
            return State.RETRAINING;
        }
        return search.supernets() != null || trained >= search.leaves().size() ? State.SCORING : State.TRAINING;
    }

    /** The state of a run that no process has. */
    private static State recorded(SearchRecord.State recorded) {
        return switch (recorded) {
            case COMPLETE -> State.DONE;
            case FAILED -> State.FAILED;
            case RUNNING, STOPPED -> State.STOPPED;
        };
    }

    private static Instant changed(RunDirectory run) {
        try {
            LongStream times =
                    Arrays.stream(run.files().listStatus(run.path())).mapToLong(FileStatus::getModificationTime);
            return Instant.ofEpochMilli(times.max().orElseThrow());
        } catch (IOException e) {
            throw FileFailure.cannot("list", run, e);
        }
    }
}
