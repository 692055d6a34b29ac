package io.efsnas.driver.command;

import io.efsnas.driver.config.ClusterConfig;
import io.efsnas.driver.spark.Sessions;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Option;

/** The option that says where Spark runs. */
final class MasterOption {

    @Option(names = "--master", paramLabel = "URL", description = "Spark master. Default: embedded Spark on all cores.")
    private Optional<String> master;

    boolean isGiven() {
        return master.isPresent();
    }

    SparkSession open() {
        return Sessions.open(master);
    }

    /** A session for supernets, which may share GPUs. */
    SparkSession open(ClusterConfig cluster) {
        return Sessions.open(master, cluster.gpusPerSupernet());
    }
}
