package io.efsnas.driver.tracking;

import io.efsnas.driver.config.TrackingConfig;
import io.efsnas.driver.run.MlflowRecord;
import io.efsnas.driver.run.RunDirectory;
import io.efsnas.driver.run.RunFile;
import io.efsnas.driver.tracking.EventFile.Point;
import io.efsnas.driver.tracking.MlflowServer.Metric;
import io.efsnas.driver.tracking.MlflowServer.Run;
import io.efsnas.driver.tracking.MlflowServer.Status;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.commons.collections4.ListUtils;
import org.apache.commons.lang3.concurrent.BasicThreadFactory;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A run on an MLflow server, if one is configured. A thread of its own posts, so that nobody waits for the server before
 * the end, and then not for long. What a server did not take is posted with what follows it; of the first failure, and of
 * no other, a line of the log tells. The id of the run is kept in the run directory, and a search that resumes goes on in
 * the same run.
 */
public final class MlflowRun {

    private static final Logger log = LoggerFactory.getLogger(MlflowRun.class);
    private static final int MOST_METRICS = 500;
    private static final int MOST_PARAMETERS = 100;

    /** Posts that may wait. The oldest makes room for another one: what a curve had comes again with its next points. */
    private static final int WAITING = 256;

    private static final int ATTEMPTS = 3;
    private static final long PAUSE_MILLIS = 300;
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    /** How much shorter a run that ends early, or whose server fails, waits for it. */
    private static final int SHORTER = 10;

    private static final double MILLIS = 1e3;

    /** What is kept of a run; the report comes last. */
    private static final List<RunFile> ARTIFACTS = List.of(
            RunFile.SEARCH,
            RunFile.RANKING,
            RunFile.PARETO,
            RunFile.SELECTION,
            RunFile.FINALISTS_TABLE,
            RunFile.MODEL,
            RunFile.MODEL_WEIGHTS,
            RunFile.MODEL_OF_DL4J,
            RunFile.REPORT);

    /** A request, or several, of the thread that posts. */
    @FunctionalInterface
    private interface Post {
        void to(Run run) throws MlflowFailure;
    }

    private final Optional<MlflowServer> server;
    private final String experiment;
    private final RunDirectory directory;
    private final Duration patience;
    /** The last step of each metric that the server has; of the thread that posts. */
    private final Map<String, Long> posted = new HashMap<>();

    /** Parameters that the server does not have; of the same thread. */
    private final Queue<List<Map.Entry<String, String>>> unposted = new ArrayDeque<>();

    private ThreadPoolExecutor thread;
    private Map<String, String> parameters = Map.of();
    private Run run;
    private final AtomicBoolean warned = new AtomicBoolean();
    /** Whether the last request failed. */
    private volatile boolean failing;

    private MlflowRun(Optional<MlflowServer> server, String experiment, RunDirectory directory, Duration patience) {
        this.server = server;
        this.experiment = experiment;
        this.directory = directory;
        this.patience = patience;
    }

    /**
     * The run of a run directory; nothing is posted before {@link #begin}.
     *
     * @param environment the environment of the process, which has the credentials
     */
    public static MlflowRun of(TrackingConfig config, RunDirectory directory, Map<String, String> environment) {
        return of(config, directory, environment, PATIENCE);
    }

    /**
     * The same.
     *
     * @param patience how long the end waits for a server that is slow
     */
    static MlflowRun of(
            TrackingConfig config, RunDirectory directory, Map<String, String> environment, Duration patience) {
        return new MlflowRun(
                config.mlflow().map(url -> new MlflowServer(url, environment)),
                config.experiment(),
                directory,
                patience);
    }

    /**
     * Begins the run, or goes on with it.
     *
     * @param settings its parameters
     */
    public void begin(Map<String, String> settings) {
        if (server.isEmpty() || thread != null) {
            return;
        }
        parameters = settings;
        thread = new ThreadPoolExecutor(
                1,
                1,
                0,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(WAITING),
                new BasicThreadFactory.Builder()
                        .namingPattern("efsnas-mlflow")
                        .daemon(true)
                        .build(),
                new ThreadPoolExecutor.DiscardOldestPolicy());
        post(begun -> {});
    }

    /** Posts those points of a curve that the server does not have. */
    void curve(String name, List<Point> points) {
        List<Metric> metrics = new ArrayList<>();
        for (Point point : points) {
            point.scalars().forEach((scalar, value) -> {
                if (Double.isFinite(value)) { // of other numbers JSON has no form
                    metrics.add(
                            new Metric(name + "/" + scalar, value, Math.round(point.seconds() * MILLIS), point.step()));
                }
            });
        }
        post(current -> log(current, metrics));
    }

    /**
     * Ends the run with its results, and waits for at most a minute until they are posted.
     *
     * @param results numbers by their names; those that are not finite are left out
     */
    public void finish(Map<String, Double> results) {
        List<Metric> metrics = new ArrayList<>();
        results.forEach((name, value) -> {
            if (value != null && Double.isFinite(value)) {
                metrics.add(new Metric(name, value, System.currentTimeMillis(), 0));
            }
        });
        post(current -> {
            if (!metrics.isEmpty()) {
                server.orElseThrow().logMetrics(current, metrics);
            }
            for (RunFile file : ARTIFACTS) {
                if (directory.has(file)) {
                    upload(current, file);
                }
            }
        });
        close(Status.FINISHED);
    }

    /** Ends a run that was stopped. */
    public void stop() {
        close(Status.KILLED);
    }

    /** Ends a run that has failed. */
    public void fail() {
        close(Status.FAILED);
    }

    private void close(Status status) {
        post(current -> server.orElseThrow().update(current, status, Optional.of(System.currentTimeMillis())));
        if (thread == null) {
            return;
        }
        thread.shutdown();
        try {
            boolean patient = status == Status.FINISHED && !failing;
            Duration wait = patient ? patience : patience.dividedBy(SHORTER);
            if (!thread.awaitTermination(wait.toMillis(), TimeUnit.MILLISECONDS)) {
                warn("it was too slow, and does not have all of this run");
                thread.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            thread.shutdownNow();
        }
        thread = null;
    }

    private void upload(Run current, RunFile file) throws MlflowFailure {
        Path path = file.in(directory.path());
        try {
            server.orElseThrow()
                    .upload(
                            current,
                            file.fileName(),
                            directory.files().getFileStatus(path).getLen(),
                            () -> open(path));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private InputStream open(Path file) {
        try {
            return directory.files().open(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void log(Run current, List<Metric> metrics) throws MlflowFailure {
        List<Metric> fresh = metrics.stream()
                .filter(metric -> metric.step() > posted.getOrDefault(metric.key(), -1L))
                .sorted(Comparator.comparingLong(Metric::step))
                .toList();
        for (List<Metric> some : ListUtils.partition(fresh, MOST_METRICS)) {
            server.orElseThrow().logMetrics(current, some);
            some.forEach(metric -> posted.put(metric.key(), metric.step()));
        }
    }

    private void post(Post post) {
        if (thread != null) {
            thread.execute(() -> attempt(post));
        }
    }

    private void attempt(Post post) {
        for (int attempt = 1; ; attempt++) {
            try {
                open();
                postParameters();
                post.to(run);
                failing = false;
                return;
            } catch (MlflowFailure e) {
                if (!e.isPassing() || failing || attempt == ATTEMPTS) { // a server that is down is not waited for twice
                    warn(e.getMessage());
                    return;
                }
            } catch (RuntimeException e) { // as when the run directory is another's by now
                warn(String.valueOf(e.getMessage()));
                return;
            }
            try {
                Thread.sleep(PAUSE_MILLIS * attempt);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private void warn(String what) {
        failing = true;
        if (!warned.getAndSet(true)) {
            log.warn(
                    "MLflow at {}: {}; the run goes on without it, and posts again what follows",
                    server.orElseThrow().url(),
                    what);
        }
    }

    /** Makes the run, or finds the one that an earlier process has made. */
    private void open() throws MlflowFailure {
        if (run != null) {
            return;
        }
        MlflowServer to = server.orElseThrow();
        Optional<MlflowRecord> earlier =
                directory.mlflow().filter(kept -> kept.server().equals(to.url()));
        if (earlier.isPresent()) {
            try {
                Run found = to.run(earlier.get().run());
                to.update(found, Status.RUNNING, Optional.empty());
                posted.putAll(found.steps());
                run = found;
                return;
            } catch (MlflowFailure e) {
                if (!e.is(MlflowServer.NOT_THERE)) {
                    throw e;
                }
            }
        }
        Run made = to.create(
                to.experiment(experiment),
                directory.path().getName(),
                System.currentTimeMillis(),
                Map.of("efsnas.run-directory", directory.toString(), "mlflow.source.name", "efsnas"));
        run = made;
        unposted.addAll(ListUtils.partition(List.copyOf(parameters.entrySet()), MOST_PARAMETERS));
        directory.write(new MlflowRecord(to.url(), made.id()));
    }

    private void postParameters() throws MlflowFailure {
        while (!unposted.isEmpty()) {
            server.orElseThrow().logParameters(run, unposted.element());
            unposted.remove();
        }
    }
}
