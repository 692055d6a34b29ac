package io.efsnas.driver.retrain;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.util.Arrays;
import java.util.Locale;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.spark.api.RDDTrainingApproach;
import org.deeplearning4j.spark.api.Repartition;
import org.deeplearning4j.spark.api.TrainingMaster;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;
import org.deeplearning4j.spark.impl.paramavg.ParameterAveragingTrainingMaster;
import org.deeplearning4j.spark.impl.repartitioner.NoOpRepartitioner;
import org.deeplearning4j.spark.parameterserver.training.SharedTrainingMaster;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.parameterserver.distributed.conf.VoidConfiguration;

/**
 * How the workers of a cluster train one network together. In both, dl4j-spark trains on batches where they are made, and
 * makes them anew rather than store them.
 */
public enum Mode {
    /** Each worker trains a copy for some batches; then parameters and momentum are averaged. */
    PARAMETER_AVERAGING {
        @Override
        long batchesOfFit(RetrainingPlan plan, int batchesPerEpoch) {
            return (long) plan.workers() * plan.averagingFrequency();
        }

        @Override
        TrainingMaster<?, ?> master(RetrainingPlan plan, JavaSparkContext spark) {
            return new ParameterAveragingTrainingMaster.Builder(plan.workers(), plan.batch())
                    .batchSizePerWorker(plan.batch())
                    .averagingFrequency(plan.averagingFrequency())
                    .rddTrainingApproach(RDDTrainingApproach.Direct)
                    .repartionData(Repartition.Never)
                    .storageLevel(null)
                    .build();
        }

        @Override
        double fit(SparkComputationGraph cluster, JavaRDD<DataSet> batches) {
            cluster.fit(batches);
            return cluster.getScore();
        }
    },

    /** Workers exchange compressed gradients over UDP while they train, without waiting for each other. */
    GRADIENT_SHARING {
        @Override
        long batchesOfFit(RetrainingPlan plan, int batchesPerEpoch) {
            return batchesPerEpoch;
        }

        @Override
        TrainingMaster<?, ?> master(RetrainingPlan plan, JavaSparkContext spark) {
            String driver = spark.getConf().get("spark.driver.host");
            // Spark counts the driver among those that have memory, on embedded Spark as the only one.
            int executors = Math.max(1, spark.sc().getExecutorMemoryStatus().size() - 1);
            VoidConfiguration network = VoidConfiguration.builder()
                    .controllerAddress(driver)
                    .networkMask(networkOf(driver))
                    .build();
            return new SharedTrainingMaster.Builder(network, plan.batch())
                    .batchSizePerWorker(plan.batch())
                    .workersPerNode(Math.max(1, plan.workers() / executors))
                    .rddTrainingApproach(RDDTrainingApproach.Direct)
                    .repartitioner(new NoOpRepartitioner())
                    .storageLevel(null)
                    .build();
        }

        @Override
        double fit(SparkComputationGraph cluster, JavaRDD<DataSet> batches) {
            return cluster.fit(batches).score();
        }

        /** The network that a host is in, such as {@code 10.0.0.0/16}: by it executors find which address is theirs. */
        private static String networkOf(String host) {
            try {
                InetAddress address = InetAddress.getByName(host);
                return NetworkInterface.getByInetAddress(address).getInterfaceAddresses().stream()
                        .filter(one -> one.getAddress().equals(address))
                        .map((InterfaceAddress one) -> address.getHostAddress() + "/" + one.getNetworkPrefixLength())
                        .findFirst()
                        .orElseThrow();
            } catch (IOException e) {
                throw new UncheckedIOException("cannot tell the network of spark.driver.host " + host, e);
            }
        }
    };

    /** The mode of a name in a configuration: {@code parameter-averaging} or {@code gradient-sharing}. */
    public static Mode named(String name) {
        return Arrays.stream(values())
                .filter(mode -> mode.toString().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no mode of retraining '" + name + "'"));
    }

    /** How many batches of all workers together are trained on by one call of dl4j-spark. */
    abstract long batchesOfFit(RetrainingPlan plan, int batchesPerEpoch);

    /** What makes the workers train as this mode says. */
    abstract TrainingMaster<?, ?> master(RetrainingPlan plan, JavaSparkContext spark);

    /** Trains on the batches, a partition of which is a worker's, and gives the loss at the end. */
    abstract double fit(SparkComputationGraph cluster, JavaRDD<DataSet> batches);

    /** The name in a configuration. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
