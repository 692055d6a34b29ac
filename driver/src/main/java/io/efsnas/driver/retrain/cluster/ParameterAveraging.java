package io.efsnas.driver.retrain.cluster;

import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.spark.api.RDDTrainingApproach;
import org.deeplearning4j.spark.api.Repartition;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;
import org.deeplearning4j.spark.impl.paramavg.ParameterAveragingTrainingMaster;
import org.nd4j.linalg.dataset.DataSet;

/** Each worker trains a copy for some batches; then parameters and momentum are averaged. */
public final class ParameterAveraging implements ClusterTrainer {

    private final JavaSparkContext spark;
    private final RetrainingPlan plan;
    private final ComputationGraph graph;

    public ParameterAveraging(JavaSparkContext spark, RetrainingPlan plan, ComputationGraph graph) {
        this.spark = spark;
        this.plan = plan;
        this.graph = graph;
    }

    @Override
    public long batchesOfFit() {
        return (long) plan.team().workers() * plan.team().averagingFrequency();
    }

    @Override
    public double fit(JavaRDD<DataSet> batches) {
        SparkComputationGraph cluster = new SparkComputationGraph(
                spark,
                graph,
                new ParameterAveragingTrainingMaster.Builder(
                                plan.team().workers(), plan.schedule().batch())
                        .batchSizePerWorker(plan.schedule().batch())
                        .averagingFrequency(plan.team().averagingFrequency())
                        .rddTrainingApproach(RDDTrainingApproach.Direct)
                        .repartionData(Repartition.Never)
                        .storageLevel(null)
                        .build());
        cluster.fit(batches);
        return cluster.getScore();
    }
}
