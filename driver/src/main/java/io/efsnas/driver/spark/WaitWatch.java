package io.efsnas.driver.spark;

import io.efsnas.driver.process.AwakeClock;
import io.efsnas.driver.process.DaemonTimer;
import io.efsnas.driver.process.LongWait;
import io.efsnas.job.TaskPlace;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobEnd;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.scheduler.SparkListenerTaskStart;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says in the log what Spark's jobs wait for while none of their tasks runs, until it is closed. */
public final class WaitWatch implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(WaitWatch.class);
    private static final Duration AGAIN = Duration.ofMinutes(5);

    private final SparkContext spark;
    private final Waiting waiting = new Waiting(AwakeClock::nanoTime);
    private final ScheduledExecutorService timer = DaemonTimer.of("efsnas-wait-watch");

    @SuppressWarnings("FutureReturnValueIgnored") // its task only looks and logs
    public WaitWatch(SparkContext spark) {
        this.spark = spark;
        spark.addSparkListener(waiting);
        timer.scheduleWithFixedDelay(this::look, 1, 1, TimeUnit.SECONDS);
    }

    private void look() {
        waiting.tooLong()
                .ifPresent(work -> log.warn("{} waits for Spark: {}", work, reason(spark.getConf(), executors())));
    }

    /** How many there are, apart from the driver. */
    private int executors() {
        return spark.statusTracker().getExecutorInfos().length - 1;
    }

    /** What Spark may lack. */
    static String reason(SparkConf conf, int executors) {
        String master = conf.get("spark.master", "local");
        int gpus = conf.getInt("spark.executor.resource.gpu.amount", 0);
        if (TaskPlace.isEmbedded(conf)) {
            return "embedded Spark runs no task; it assigns no GPUs and no other resources, so unset spark.task.resource.*";
        }
        String asked = conf.get("spark.executor.cores", "all") + " cores, " + conf.get("spark.executor.memory", "1g")
                + " of memory" + (gpus > 0 ? " and " + gpus + " GPU(s)" : "");
        if (executors <= 0) {
            return "no executor has started at " + master + "; each asks for " + asked
                    + " (spark.executor.cores, .memory" + (gpus > 0 ? ", .resource.gpu.amount" : "")
                    + "). Its workers must have so much free"
                    + (gpus > 0 ? " and offer GPUs (spark.worker.resource.gpu.amount, .discoveryScript)" : "");
        }
        return "none of the " + executors + " executors, with " + asked + " each, has room for a task of "
                + conf.get("spark.task.cpus", "1") + " core(s)" + (gpus > 0 ? " and its share of a GPU" : "")
                + "; another application or job may have them";
    }

    @Override
    public void close() {
        timer.shutdownNow();
        spark.removeSparkListener(waiting);
    }

    /** Which jobs there are, and since when no task has run. */
    static final class Waiting extends SparkListener {

        private static final String DESCRIPTION = "spark.job.description";

        private final LongSupplier nanoTime;
        private final Map<Integer, String> jobs = new HashMap<>();
        private final Set<Long> tasks = new HashSet<>();
        private long since;
        private long told;

        Waiting(LongSupplier nanoTime) {
            this.nanoTime = nanoTime;
        }

        @Override
        public synchronized void onJobStart(SparkListenerJobStart job) {
            String work = job.properties() == null ? null : job.properties().getProperty(DESCRIPTION);
            if (jobs.isEmpty()) {
                restart();
            }
            jobs.put(job.jobId(), work == null ? "job " + job.jobId() : work);
        }

        @Override
        public synchronized void onJobEnd(SparkListenerJobEnd job) {
            jobs.remove(job.jobId());
        }

        @Override
        public synchronized void onTaskStart(SparkListenerTaskStart start) {
            tasks.add(start.taskInfo().taskId());
        }

        @Override
        public synchronized void onTaskEnd(SparkListenerTaskEnd end) {
            if (end.taskInfo() != null) {
                tasks.remove(end.taskInfo().taskId());
                restart();
            }
        }

        private void restart() {
            since = nanoTime.getAsLong();
            told = 0;
        }

        /** What has waited for so long that it has to be told of. */
        synchronized Optional<String> tooLong() {
            long now = nanoTime.getAsLong();
            boolean idle = !jobs.isEmpty() && tasks.isEmpty() && now - since >= LongWait.SILENCE.toNanos();
            if (!idle || (told != 0 && now - told < AGAIN.toNanos())) {
                return Optional.empty();
            }
            told = now;
            String first = jobs.values().iterator().next();
            return Optional.of(jobs.size() == 1 ? first : first + " and " + (jobs.size() - 1) + " more");
        }
    }
}
