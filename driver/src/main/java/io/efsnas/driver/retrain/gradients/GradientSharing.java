package io.efsnas.driver.retrain.gradients;

import io.efsnas.driver.process.UserMistake;
import io.efsnas.driver.retrain.cluster.ClusterTrainer;
import io.efsnas.driver.retrain.cluster.LearningRate;
import io.efsnas.driver.retrain.cluster.RetrainingPlan;
import io.efsnas.training.TrainingException;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.spark.api.worker.NetBroadcastTuple;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.parameterserver.distributed.conf.VoidConfiguration;
import scala.collection.JavaConverters;

/**
 * Each executor trains one model with all its cores; they exchange compressed gradients over UDP while they train, without
 * waiting for each other. The driver has a model that gets all gradients. A fit takes an epoch, at whose begin all
 * executors take over the driver's model ({@link ExecutorModel}).
 */
public final class GradientSharing implements ClusterTrainer {

    private final JavaSparkContext spark;
    private final RetrainingPlan plan;
    private final ComputationGraph graph;
    private final int batchesPerEpoch;
    private final int workersOfExecutor;
    private final SharedGradients gradients;
    private final SparkComputationGraph cluster;
    private final String retraining = UUID.randomUUID().toString();
    private Set<String> blockManagers;
    private int fits;

    /**
     * @throws UserMistake if driver and executors have no IPv4 network in common
     */
    public GradientSharing(JavaSparkContext spark, RetrainingPlan plan, ComputationGraph graph, int batchesPerEpoch) {
        this.spark = spark;
        this.plan = plan;
        this.graph = graph;
        this.batchesPerEpoch = batchesPerEpoch;
        this.blockManagers = blockManagers();
        // Spark counts the driver among those that have memory, on embedded Spark as the only one.
        this.workersOfExecutor = Math.max(1, plan.team().workers() / Math.max(1, blockManagers.size() - 1));
        String driver = spark.getConf().get("spark.driver.host");
        Set<String> hosts = new TreeSet<>(Set.of(driver));
        blockManagers.forEach(hostAndPort -> hosts.add(hostAndPort.substring(0, hostAndPort.lastIndexOf(':'))));
        this.gradients = new SharedGradients(
                VoidConfiguration.builder()
                        .controllerAddress(CommonNetwork.address(driver).getHostAddress())
                        .networkMask(CommonNetwork.of(hosts))
                        .portSupplier(new FreeUdpPort())
                        .build(),
                plan.schedule().batch(),
                batchesPerEpoch);
        this.cluster = new SparkComputationGraph(spark, graph, gradients);
        cluster.setListeners(new ExecutorModel());
    }

    /** Host and port of all that have memory: the executors, and the driver. */
    private Set<String> blockManagers() {
        return Set.copyOf(
                JavaConverters.setAsJavaSet(spark.sc().getExecutorMemoryStatus().keySet()));
    }

    @Override
    public long batchesOfFit() {
        return batchesPerEpoch;
    }

    @Override
    public double fit(JavaRDD<DataSet> batches) {
        requireExecutors();
        fits++;
        Broadcast<NetBroadcastTuple> state = spark.broadcast(new NetBroadcastTuple(
                graph.getConfiguration(),
                graph.params().dup(),
                graph.getUpdater().getStateViewArray().dup()));
        SharedFit begin = new SharedFit(
                retraining, fits, state, LearningRate.of(graph), plan.team().threads() * workersOfExecutor);
        try (FitWatch watch =
                new FitWatch(spark, gradients::received, plan.team().stalledAfter())) {
            double loss = fit(batches.mapPartitions(begin), watch);
            if (gradients.received() == 0) {
                throw failed("no gradient has reached the driver");
            }
            return loss;
        } finally {
            state.destroy();
        }
    }

    /** One that takes the place of another is a stranger to DL4J's servers. */
    private void requireExecutors() {
        Set<String> now = blockManagers();
        blockManagers.stream()
                .filter(before -> !now.contains(before))
                .findFirst()
                .ifPresent(gone -> {
                    throw failed("a worker failed: its executor at " + gone + " is gone");
                });
        blockManagers = now;
    }

    private double fit(JavaRDD<DataSet> batches, FitWatch watch) {
        try {
            return cluster.fit(batches).score();
        } catch (Exception e) { // of Spark's, which are checked and declared nowhere
            if (watch.failure().isPresent()) {
                throw failed(watch.failure().get());
            }
            throw e;
        }
    }

    private static TrainingException failed(String why) {
        return new TrainingException("retraining by gradient sharing: " + why
                + "; the same command resumes after the last epoch, and retrain.mode ="
                + " parameter-averaging needs no UDP");
    }
}
