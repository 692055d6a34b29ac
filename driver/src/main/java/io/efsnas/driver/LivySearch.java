package io.efsnas.driver;

import com.fasterxml.jackson.databind.JsonNode;
import io.efsnas.driver.livy.BatchLog;
import io.efsnas.driver.livy.BatchState;
import io.efsnas.driver.livy.LivyServer;
import java.io.Console;
import java.io.PrintWriter;
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

    private final LivyServer server;
    private final PrintWriter out;
    private final PrintWriter err;
    private final CountDownLatch interrupted = new CountDownLatch(1);

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
        int batch = server.submit(request);
        SignalUtils.register("INT", () -> {
            boolean first = interrupted.getCount() > 0;
            interrupted.countDown();
            return first; // a second one ends this process
        });
        err.println("submitted as " + server.describe(batch));
        BatchLog shown = BatchLog.EMPTY;
        while (true) {
            BatchState state = server.state(batch); // asked before the log, which is then whole if this is the end
            BatchLog log = server.log(batch);
            log.outputSince(shown).forEach(out::println);
            out.flush();
            shown = log;
            if (state.ended()) {
                log.further().forEach(err::println);
                err.println(server.describe(batch) + " has ended: " + state.name());
                return state.succeeded() ? ExitCode.OK : ExitCode.SOFTWARE;
            }
            if (isInterrupted()) {
                leave(batch);
                return INTERRUPTED;
            }
        }
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
            err.println("ended " + server.describe(batch) + "; the same command goes on from its checkpoints");
        } else {
            err.println("left running; its log is at " + server.describe(batch) + "/log");
        }
    }
}
