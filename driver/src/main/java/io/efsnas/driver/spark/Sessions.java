package io.efsnas.driver.spark;

import io.efsnas.driver.process.LongWait;
import io.efsnas.driver.process.Termination;
import io.efsnas.driver.process.UserMistake;
import io.efsnas.job.KryoClasses;
import io.efsnas.job.SupernetMetrics;
import io.efsnas.job.TaskPlace;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkException;
import org.apache.spark.deploy.SparkHadoopUtil;
import org.apache.spark.sql.SparkSession;

/** Spark as a search uses it. */
public final class Sessions {

    /** Of the session that was opened last. */
    @SuppressWarnings("unused") // held, and closed by nobody: it watches until the process ends
    private static WaitWatch watch;

    private Sessions() {}

    /**
     * A session on the master given, else on the one that {@code spark-submit} set, else on embedded Spark with all
     * cores.
     */
    public static SparkSession open(Optional<String> master) {
        return open(master, 1);
    }

    /**
     * The same, for supernets that may share GPUs.
     *
     * @param gpusPerSupernet 1, or a fraction for several supernets on one GPU
     */
    public static SparkSession open(Optional<String> master, double gpusPerSupernet) {
        Termination.onSignals();
        SparkConf conf = new SparkConf();
        master.ifPresent(url -> conf.set("spark.master", url));
        conf.setIfMissing("spark.master", "local[*]");
        conf.setIfMissing("spark.app.name", "efsnas");
        // A supernet is quickly loaded elsewhere, so no device waits for the executor that still has it in memory.
        conf.setIfMissing("spark.locality.wait", "0");
        // What is done beside training has a pool of its own; all else stays in the order in which it was begun.
        conf.setIfMissing("spark.scheduler.mode", "FAIR");
        Masters.require(conf);
        if (TaskPlace.isEmbedded(conf)) {
            conf.setIfMissing("spark.ui.enabled", "false");
            conf.setIfMissing("spark.driver.host", "localhost");
            conf.setIfMissing("spark.driver.bindAddress", "localhost");
            // Driver and executor are one process: a silence means that it slept, and not that one has lost the other.
            conf.setIfMissing("spark.rpc.askTimeout", "120s");
            conf.setIfMissing("spark.network.timeout", "365d");
        }
        if (conf.getBoolean("spark.kryo.registrationRequired", false)) {
            append(conf, "spark.kryo.registrator", KryoClasses.class.getName());
        }
        GpuProfile.configure(conf, gpusPerSupernet);
        append(conf, "spark.plugins", SupernetMetrics.class.getName());
        SparkSession session = start(conf);
        watch = new WaitWatch(session.sparkContext()); // as long as the process, which ends with its session
        return session;
    }

    /** Adds a class to a list of classes. */
    private static void append(SparkConf conf, String key, String name) {
        conf.set(
                key,
                Stream.of(conf.get(key, ""), name).filter(one -> !one.isBlank()).collect(Collectors.joining(",")));
    }

    /**
     * Starts Spark.
     *
     * @throws UserMistake in one line, if its settings contradict each other
     * @throws IllegalStateException in one line, if it cannot be started
     */
    private static SparkSession start(SparkConf conf) {
        try (LongWait wait = new LongWait("Spark at " + conf.get("spark.master"))) {
            return SparkSession.builder().config(conf).getOrCreate();
        } catch (IllegalArgumentException e) {
            throw new UserMistake("Spark does not accept its settings: " + firstLine(e), e);
        } catch (Exception e) { // Spark's are checked, and declared nowhere
            if (e instanceof SparkException) {
                throw new UserMistake("Spark does not accept its settings: " + firstLine(e), e);
            }
            throw new JobException("starting Spark at " + conf.get("spark.master"), e);
        }
    }

    private static String firstLine(Exception e) {
        String line = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
        if (line.contains("INVALID_DRIVER_MEMORY")) {
            return "it needs a heap of at least 450 MiB; raise EFSNAS_MEMORY";
        }
        if (line.contains("INVALID_EXECUTOR_MEMORY")) {
            return "its executors need at least 450 MiB; raise spark.executor.memory";
        }
        return line;
    }

    /** Hadoop's settings as a session will have them, for what is read before there is one. */
    public static Configuration hadoop() {
        return SparkHadoopUtil.get().newConfiguration(new SparkConf());
    }

    /** Whether this is the JVM of YARN's application master, as it is where Spark was told to run the driver on YARN. */
    public static boolean isInApplicationMaster() {
        SparkConf conf = new SparkConf();
        return conf.get("spark.master", "").equals("yarn")
                && conf.get("spark.submit.deployMode", "").equals("cluster");
    }
}
