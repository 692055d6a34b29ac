package io.efsnas.driver.retrain;

import io.efsnas.data.Dataset;
import io.efsnas.data.DatasetSpec;
import io.efsnas.driver.config.Key;
import io.efsnas.driver.config.RetrainConfig;
import io.efsnas.driver.process.Seconds;
import io.efsnas.driver.process.UserMistake;
import io.efsnas.driver.retrain.cluster.ClusterTrainer;
import io.efsnas.driver.retrain.cluster.LearningRate;
import io.efsnas.driver.retrain.cluster.Nd4jRuntime;
import io.efsnas.driver.retrain.cluster.ParameterAveraging;
import io.efsnas.driver.retrain.cluster.RetrainingPlan;
import io.efsnas.driver.retrain.gradients.GradientSharing;
import io.efsnas.retraining.EpochReport;
import io.efsnas.retraining.RetrainedNetworkSpec;
import io.efsnas.retraining.RetrainingSchedule;
import io.efsnas.supernet.nd4j.NativeLibrary;
import io.efsnas.training.TrainingException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;
import org.nd4j.evaluation.classification.Evaluation;
import org.nd4j.linalg.dataset.DataSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Trains a network from scratch on the workers of a cluster. After each epoch its state is kept, so that a retraining
 * that was killed goes on from there.
 *
 * <p>With parameter averaging the same plan gives the same bits, killed or not, as long as there are at most two workers:
 * the results of more are summed in the order in which they arrive. Gradient sharing is never the same twice.
 */
public final class Retraining {

    /** What is told of images without a test part. */
    public static final String NO_TEST_IMAGES = "data.test: retraining needs test images; expected paths, or shares in"
            + " data.train-share and data.validation-share that leave some of data.train";

    /** The name of the engine. */
    static final String ENGINE = "dl4j";

    private static final Logger log = LoggerFactory.getLogger(Retraining.class);

    private final JavaSparkContext spark;
    private final RetrainingPlan plan;
    private final ModelDirectory directory;
    private final int trainingBatches;
    private final int testBatches;

    /**
     * @param dataset the images of the plan
     * @param directory the directory of the model, which need not exist yet
     * @throws UserMistake if there are no test images
     */
    public Retraining(JavaSparkContext spark, RetrainingPlan plan, Dataset dataset, ModelDirectory directory) {
        if (dataset.test().size() == 0) {
            throw new UserMistake(NO_TEST_IMAGES);
        }
        this.spark = spark;
        this.plan = plan;
        this.directory = directory;
        this.trainingBatches = plan.schedule().training(dataset).batchesPerEpoch();
        this.testBatches = TestSets.batches(plan, dataset).count();
    }

    /**
     * Trains what an earlier process has not, and writes the model.
     *
     * @param ended called after each epoch
     * @return all epochs, those of earlier processes included
     * @throws UserMistake if the directory holds a retraining with other settings
     * @throws TrainingException if the loss is no longer a number
     */
    public List<EpochReport> run(Consumer<EpochReport> ended) {
        Nd4jRuntime.prepare(plan.team().threads());
        RetrainedNetworkSpec network = plan.network();
        Map<String, Object> settings = settings();
        ModelDirectory.Checkpoint start = directory
                .checkpoint(settings)
                .orElseGet(() -> new ModelDirectory.Checkpoint(
                        FinalNetwork.of(
                                network.network(),
                                network.optimizer().momentum(),
                                network.optimizer().weightDecay(),
                                network.seed()),
                        List.of()));
        ComputationGraph graph = start.graph();
        List<EpochReport> epochs = new ArrayList<>(start.epochs());
        if (!epochs.isEmpty()) {
            log.info(
                    "retraining: skipping the first {} of {} epochs, which are done",
                    epochs.size(),
                    plan.schedule().epochs());
        }
        ClusterTrainer trainer = trainer(graph);
        for (int epoch = epochs.size(); epoch < plan.schedule().epochs(); epoch++) {
            long begin = System.nanoTime();
            double loss = train(trainer, graph, epoch);
            double accuracy = testAccuracy(graph);
            epochs.add(EpochReport.tested(epoch + 1, loss, accuracy, Seconds.since(begin)));
            directory.keep(settings, graph, epochs);
            ended.accept(epochs.get(epoch));
        }
        directory.writeModel(graph);
        return epochs;
    }

    /** All that decides the result, of the data what its fingerprint does not say. */
    private Map<String, Object> settings() {
        DatasetSpec data = plan.images().data();
        RetrainedNetworkSpec network = plan.network();
        RetrainingSchedule schedule = plan.schedule();
        RetrainingPlan.Team team = plan.team();
        Map<String, Object> settings = new LinkedHashMap<>();
        settings.put(ModelDirectory.ENGINE, ENGINE);
        settings.put("space", network.space().name());
        settings.put("architecture", network.space().format(network.architecture()));
        settings.put("size", network.size().toString());
        settings.put("trainShare", data.trainShare());
        settings.put("validationShare", data.validationShare());
        settings.put("dataSeed", data.seed());
        settings.put("fingerprint", plan.images().fingerprint());
        settings.put("augmentation", schedule.augmentation().toString());
        settings.put("epochs", schedule.epochs());
        settings.put("batch", schedule.batch());
        settings.put("initialLearningRate", schedule.learningRate().initial());
        settings.put("finalLearningRate", schedule.learningRate().last());
        settings.put("momentum", network.optimizer().momentum());
        settings.put("weightDecay", network.optimizer().weightDecay());
        settings.put("labelSmoothing", network.regularisation().labelSmoothing());
        settings.put("mode", Key.of(team.mode()));
        settings.put("averagingFrequency", team.averagingFrequency());
        settings.put("threads", team.threads());
        settings.put("seed", schedule.seed());
        settings.put("natives", NativeLibrary.select());
        if (team.mode() == RetrainConfig.Mode.PARAMETER_AVERAGING) {
            settings.put(ModelDirectory.WORKERS, team.workers());
        }
        return settings;
    }

    private ClusterTrainer trainer(ComputationGraph graph) {
        return switch (plan.team().mode()) {
            case PARAMETER_AVERAGING -> new ParameterAveraging(spark, plan, graph);
            case GRADIENT_SHARING -> new GradientSharing(spark, plan, graph, trainingBatches);
        };
    }

    /** Trains for one epoch and gives the mean loss. */
    private double train(ClusterTrainer trainer, ComputationGraph graph, int epoch) {
        long first = (long) epoch * trainingBatches;
        long end = first + trainingBatches;
        long part = trainer.batchesOfFit();
        List<Double> losses = new ArrayList<>();
        for (long from = first; from < end; from += part) {
            LearningRate.set(graph, plan.schedule().rate(from, trainingBatches));
            double loss = trainer.fit(batches(from, Math.min(end, from + part)));
            if (!Double.isFinite(loss)) {
                throw new TrainingException("retraining, epoch " + (epoch + 1)
                        + ": the loss is no longer a number; lower retrain.learning-rate.initial");
            }
            losses.add(loss);
        }
        return losses.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
    }

    /** Some batches, shared out among the workers in turn. */
    private JavaRDD<DataSet> batches(long from, long to) {
        int workers = (int) Math.min(plan.team().workers(), to - from);
        List<List<Long>> steps = IntStream.range(0, workers)
                .mapToObj(worker -> LongStream.iterate(from + worker, step -> step < to, step -> step + workers)
                        .boxed()
                        .toList())
                .toList();
        return spark.parallelize(steps, workers).mapPartitions(new TrainingSets(plan));
    }

    private double testAccuracy(ComputationGraph graph) {
        List<Integer> indices = IntStream.range(0, testBatches).boxed().toList();
        // A partition for each batch, and no batch too large: else DL4J cuts and joins those of a partition to one
        // size, and ND4J gives some parts of parts an empty shape.
        JavaRDD<DataSet> batches = spark.parallelize(indices, testBatches).flatMap(new TestSets(plan));
        Evaluation evaluation =
                new SparkComputationGraph(spark, graph, null).evaluate(batches, null, TestSets.largest(plan));
        return evaluation.accuracy();
    }
}
