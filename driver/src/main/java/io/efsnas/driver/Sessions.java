package io.efsnas.driver;

import io.efsnas.driver.rounds.GpuProfile;
import io.efsnas.job.SupernetMetrics;
import io.efsnas.job.TaskPlace;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;
import org.apache.spark.deploy.SparkHadoopUtil;
import org.apache.spark.sql.SparkSession;

/** Spark as a search uses it. */
final class Sessions {

    private static final String PLUGINS = "spark.plugins";

    private Sessions() {}

    /**
     * A session on the master given, else on the one that {@code spark-submit} set, else on embedded Spark with all
     * cores.
     */
    static SparkSession open(Optional<String> master) {
        return open(master, 1);
    }

    /**
     * The same, for supernets that may share GPUs.
     *
     * @param gpusPerSupernet 1, or a fraction for several supernets on one GPU
     */
    static SparkSession open(Optional<String> master, double gpusPerSupernet) {
        Termination.onSigterm();
        SparkConf conf = new SparkConf();
        master.ifPresent(url -> conf.set("spark.master", url));
        conf.setIfMissing("spark.master", "local[*]");
        conf.setIfMissing("spark.app.name", "efsnas");
        // A supernet is quickly loaded elsewhere, so no device waits for the executor that still has it in memory.
        conf.setIfMissing("spark.locality.wait", "0");
        if (TaskPlace.isEmbedded(conf)) {
            conf.setIfMissing("spark.ui.enabled", "false");
            conf.setIfMissing("spark.driver.host", "localhost");
            conf.setIfMissing("spark.driver.bindAddress", "localhost");
        }
        GpuProfile.configure(conf, gpusPerSupernet);
        conf.set(
                PLUGINS,
                Stream.of(conf.get(PLUGINS, ""), SupernetMetrics.class.getName())
                        .filter(plugin -> !plugin.isBlank())
                        .collect(Collectors.joining(",")));
        return SparkSession.builder().config(conf).getOrCreate();
    }

    /** Hadoop's settings as a session will have them, for what is read before there is one. */
    static Configuration hadoop() {
        return SparkHadoopUtil.get().newConfiguration(new SparkConf());
    }

    /** Whether this is the JVM of YARN's application master, as it is where Spark was told to run the driver on YARN. */
    static boolean isInApplicationMaster() {
        SparkConf conf = new SparkConf();
        return conf.get("spark.master", "").equals("yarn")
                && conf.get("spark.submit.deployMode", "").equals("cluster");
    }
}
