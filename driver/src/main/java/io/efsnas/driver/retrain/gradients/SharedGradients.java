package io.efsnas.driver.retrain.gradients;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.spark.api.java.JavaRDDLike;
import org.deeplearning4j.optimize.solvers.accumulation.encoding.residual.ResidualClippingPostProcessor;
import org.deeplearning4j.optimize.solvers.accumulation.encoding.threshold.AdaptiveThresholdAlgorithm;
import org.deeplearning4j.spark.api.RDDTrainingApproach;
import org.deeplearning4j.spark.api.Repartition;
import org.deeplearning4j.spark.api.RepartitionStrategy;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;
import org.deeplearning4j.spark.impl.multilayer.SparkDl4jMultiLayer;
import org.deeplearning4j.spark.impl.repartitioner.NoOpRepartitioner;
import org.deeplearning4j.spark.parameterserver.training.SharedTrainingMaster;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.parameterserver.distributed.conf.VoidConfiguration;
import org.nd4j.parameterserver.distributed.v2.ModelParameterServer;
import org.nd4j.parameterserver.distributed.v2.util.AbstractUpdatesHandler;

/**
 * DL4J's gradient sharing, with one model in each executor, that counts the gradients that reach the driver. DL4J itself
 * takes the driver's weights for the result without a look at whether any has reached them.
 */
final class SharedGradients extends SharedTrainingMaster {

    private static final int MODELS_IN_EXECUTOR = 1;
    private static final Duration QUIET = Duration.ofSeconds(10);

    private final int batchesOfFit;
    private final AtomicLong received = new AtomicLong();
    private boolean counting;

    /**
     * @param batch the number of images in a batch
     * @param batchesOfFit the number of batches of all workers together
     */
    SharedGradients(VoidConfiguration network, int batch, int batchesOfFit) {
        super(
                network,
                null,
                RDDTrainingApproach.Direct,
                null,
                false,
                RepartitionStrategy.Balanced,
                Repartition.Never,
                new AdaptiveThresholdAlgorithm(),
                new ResidualClippingPostProcessor(5, 5),
                batch,
                batch,
                0,
                MODELS_IN_EXECUTOR,
                2,
                new NoOpRepartitioner(),
                null,
                null,
                false);
        this.batchesOfFit = batchesOfFit;
    }

    /** How many gradients have reached the driver since the last fit began. */
    long received() {
        return received.get();
    }

    /** Counts as soon as the driver listens: what is registered before, DL4J forgets when it begins. */
    @Override
    protected void prepareNetworkAndStuff(SparkDl4jMultiLayer network, SparkComputationGraph graph) {
        super.prepareNetworkAndStuff(network, graph);
        received.set(0);
        if (!counting) {
            counting = true;
            ModelParameterServer.getInstance().addUpdatesSubscriber(new AbstractUpdatesHandler() {
                @Override
                public void onNext(INDArray gradient) {
                    received.incrementAndGet();
                }

                @Override
                public INDArray getParametersArray() {
                    return graph.getNetwork().params().dup();
                }
            });
        }
    }

    /** What is known: DL4J would have the workers make all batches once more to count them. */
    @Override
    protected <T, R extends JavaRDDLike<T, R>> long getTotalDataSetObjectCount(JavaRDDLike<T, R> batches) {
        return batchesOfFit;
    }

    /**
     * Waits for the gradients that are still under way when all workers are done, until there is one of each batch or none
     * has come for long: a worker sends none for a batch whose gradients are too small.
     */
    @Override
    protected void finalizeTraining() {
        long last = received.get();
        long lastAt = System.nanoTime();
        while (last < batchesOfFit && System.nanoTime() - lastAt < QUIET.toNanos()) {
            try {
                TimeUnit.MILLISECONDS.sleep(20);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                break;
            }
            if (received.get() > last) {
                last = received.get();
                lastAt = System.nanoTime();
            }
        }
        super.finalizeTraining();
    }
}
