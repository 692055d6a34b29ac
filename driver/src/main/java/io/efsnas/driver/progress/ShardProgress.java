package io.efsnas.driver.progress;

import io.efsnas.driver.process.AwakeClock;
import io.efsnas.driver.process.Seconds;
import java.time.Duration;
import java.util.Optional;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Progress of preparing images: a line of a terminal, or a log line for each tenth. */
public final class ShardProgress implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(ShardProgress.class);

    private final int shards;
    private final long start = AwakeClock.nanoTime();
    private final Optional<ProgressBar> bar;
    private int lastTenth;

    /** @param shards to be written */
    @SuppressWarnings("SystemConsoleNull") // on Java 17, which the build requires, it is null without a terminal
    public ShardProgress(int shards) {
        this.shards = shards;
        this.bar = System.console() == null
                ? Optional.empty()
                : Optional.of(new ProgressBarBuilder()
                        .setTaskName("preparing")
                        .setInitialMax(shards)
                        .startsFrom(0, Duration.ZERO)
                        .setRenderer(new ProgressLine("shards", 0))
                        .build());
    }

    /** So many shards are done. */
    public synchronized void ended(int done) {
        int tenth = 10 * done / shards;
        if (bar.isPresent()) {
            bar.get().stepTo(done);
        } else if (tenth > lastTenth) {
            lastTenth = tenth;
            double seconds = Seconds.ofNanos(AwakeClock.nanoTime() - start);
            log.info("{} of {} shards done{}", done, shards, Seconds.rest(seconds, done, shards, "left"));
        }
    }

    @Override
    public synchronized void close() {
        bar.ifPresent(ProgressBar::close);
    }
}
