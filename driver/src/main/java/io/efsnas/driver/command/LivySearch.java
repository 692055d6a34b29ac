package io.efsnas.driver.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.efsnas.driver.livy.BatchLog;
import io.efsnas.driver.livy.BatchState;
import io.efsnas.driver.livy.LivyServer;
import io.efsnas.driver.process.Termination;
import io.efsnas.driver.process.UserMistake;
import java.io.Console;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.spark.util.SignalUtils;
import picocli.CommandLine.ExitCode;

/**
 * A search on a Livy server as this process follows it, showing what its driver writes. Ctrl-C ends the following; a
 * terminal is asked whether the batch is to go on, without one it does.
 */
final class LivySearch {

    /** 128 and the number of the signal, as of a process that Ctrl-C ended. */
    private static final int INTERRUPTED = 130;

    private static final long POLL_MILLIS = 1000;

    /** How long a server may be out of reach. */
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final LivyServer server;
    private final PrintWriter out;
    private final PrintWriter err;
    private final CountDownLatch interrupted = new CountDownLatch(1);
    private long reachedAt = System.nanoTime();

    LivySearch(LivyServer server, PrintWriter out, PrintWriter err) {
        this.server = server;
        this.out = out;
        this.err = err;
    }

    /**
     * Submits a batch and follows it to its end.
     *
     * @return the exit status
     */
    int run(JsonNode request) {
        Termination.onSigterm();
        int batch = server.submit(request);
        SignalUtils.register("INT", () -> {
            boolean first = interrupted.getCount() > 0;
            interrupted.countDown();
            return first; // a second one ends this process
        });
        err.println("submitted as " + server.describe(batch));
        BatchLog shown = BatchLog.EMPTY;
        while (true) {
            Optional<View> view = view(batch);
            if (view.isPresent()) {
                BatchLog log = view.get().log();
                log.outputSince(shown).forEach(out::println);
                out.flush();
                shown = log;
                BatchState state = view.get().state();
                if (state.ended()) {
                    log.further().forEach(err::println);
                    err.println(server.describe(batch) + " has ended: " + state.name());
                    return state.succeeded() ? ExitCode.OK : ExitCode.SOFTWARE;
                }
            }
            if (isInterrupted()) {
                leave(batch);
                return INTERRUPTED;
            }
        }
    }

    /** A batch as the server shows it; the state is asked for first, so that the log is whole if it has ended. */
    private record View(BatchState state, BatchLog log) {}

    /**
     * Looks at a batch; a server that is being started again shows nothing for some minutes.
     *
     * @throws UncheckedIOException if it has not been reached for long, or has forgotten the batch
     */
    private Optional<View> view(int batch) {
        try {
            View view = new View(server.state(batch), server.log(batch));
            reachedAt = System.nanoTime();
            return Optional.of(view);
        } catch (UserMistake e) {
            throw new UncheckedIOException(mayStillRun(batch, e), new IOException(e));
        } catch (UncheckedIOException e) {
            if (System.nanoTime() - reachedAt > PATIENCE.toNanos()) {
                throw new UncheckedIOException(mayStillRun(batch, e), e.getCause());
            }
            return Optional.empty();
        }
    }

    private String mayStillRun(int batch, Exception why) {
        return why.getMessage() + "; the batch may still be running, see " + server.describe(batch);
    }

    private boolean isInterrupted() {
        try {
            return interrupted.await(POLL_MILLIS, TimeUnit.MILLISECONDS)
                    || Termination.cause().isPresent();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    @SuppressWarnings("SystemConsoleNull") // on Java 17, which the build requires, it is null without a terminal
    private void leave(int batch) {
        Optional<Console> terminal = Optional.ofNullable(System.console())
                .filter(console -> Termination.cause().isEmpty());
        String answer = terminal.map(console -> console.readLine("%nleave the batch running? [Y/n] "))
                .orElse("");
        if (answer.strip().toLowerCase(Locale.ROOT).startsWith("n")) {
            server.kill(batch);
            err.println("ended " + server.describe(batch) + "; the same command resumes from its checkpoints");
        } else {
            err.println("left running; its log is at " + server.describe(batch) + "/log");
        }
    }
}
