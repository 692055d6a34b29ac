package io.efsnas.driver.retrain;

import io.efsnas.data.Dataset;
import io.efsnas.data.ScoringBatches;
import io.efsnas.driver.retrain.cluster.Nd4jRuntime;
import io.efsnas.driver.retrain.cluster.RetrainingPlan;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.nd4j.linalg.dataset.DataSet;

/** Makes batches of the test part on the executor that evaluates them. */
final class TestSets implements FlatMapFunction<Integer, DataSet> {

    private static final long serialVersionUID = 1;
    private static final int SMALLEST = 64;

    private final RetrainingPlan plan;

    TestSets(RetrainingPlan plan) {
        this.plan = plan;
    }

    /** As many images as a batch has at most: as many as train, unless tasks would then be too short. */
    static int largest(RetrainingPlan plan) {
        return Math.max(plan.schedule().batch(), SMALLEST);
    }

    static ScoringBatches batches(RetrainingPlan plan, Dataset dataset) {
        return new ScoringBatches(dataset.test(), dataset.test().size(), dataset.normalization(), largest(plan));
    }

    @Override
    public Iterator<DataSet> call(Integer index) {
        Nd4jRuntime.prepare(plan.team().threads());
        ScoringBatches batches = batches(plan, plan.images().dataset());
        return List.of(DataSets.of(batches.batch(index), plan.network().size().classes(), 0))
                .iterator();
    }
}
