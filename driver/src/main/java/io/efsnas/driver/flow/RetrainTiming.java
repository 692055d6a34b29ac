package io.efsnas.driver.flow;

import io.efsnas.driver.config.FinalistsConfig.Stage;
import io.efsnas.driver.config.Key;
import io.efsnas.driver.config.RetrainConfig;
import io.efsnas.driver.flow.SearchEstimate.Retraining;
import io.efsnas.driver.spark.GpuProfile;
import io.efsnas.driver.spark.JobException;
import io.efsnas.driver.spark.Slots;
import io.efsnas.job.RetrainingJob;
import io.efsnas.job.TimeRetraining;
import io.efsnas.retraining.EpochTiming;
import io.efsnas.space.Architecture;
import java.util.List;
import java.util.Optional;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.resource.ResourceProfile;

/** Estimates how long the last stage of a search takes, from some steps that an executor takes. Nothing is written. */
final class RetrainTiming {

    /** Where a retraining would keep its states; none is. */
    private static final String NO_STATES = "unused";

    private final SearchPlan plan;
    private final JavaSparkContext spark;

    RetrainTiming(SearchPlan plan, JavaSparkContext spark) {
        this.plan = plan;
        this.spark = spark;
    }

    /**
     * Times and estimates, if the search has the stage.
     *
     * @param architecture an architecture like those that would be trained, if any meets the limits
     * @throws JobException if the task fails
     */
    Optional<Retraining> run(Optional<Architecture> architecture) {
        RetrainConfig retrain = plan.config().retrain();
        if (!retrain.enabled()) {
            return Optional.empty();
        }
        RetrainingChoice choice = RetrainStage.choice(plan, spark);
        Optional<Double> seconds = choice.engine() == RetrainConfig.Engine.DL4J
                ? Optional.empty()
                : architecture.map(trained -> seconds(trained, choice));
        return Optional.of(new Retraining(Key.of(choice.engine()) + ": " + choice.reason(), seconds));
    }

    private double seconds(Architecture architecture, RetrainingChoice choice) {
        RetrainConfig retrain = plan.config().retrain();
        Optional<ResourceProfile> gpus = GpuProfile.ofOneTask(spark.getConf());
        RetrainingThreads threads = RetrainingThreads.of(
                choice, retrain.finalists().areSeveral(), spark.getConf(), spark.defaultParallelism());
        // Tasks that share all cores take as long as in turn.
        int atATime = threads.shareAll() ? 1 : Slots.of(spark, gpus);
        double epoch = timed(architecture, choice, threads.each(1), gpus).epoch();
        double seconds = 0;
        int done = 0;
        for (Stage stage : retrain.finalists().stages(retrain.epochs())) {
            int turns = (stage.networks() + atATime - 1) / atATime;
            seconds += turns * (stage.until() - done) * epoch;
            done = stage.until();
        }
        return seconds;
    }

    private EpochTiming timed(
            Architecture architecture, RetrainingChoice choice, int threads, Optional<ResourceProfile> gpus) {
        int heldOut = plan.config().retrain().finalists().areSeveral()
                ? plan.config()
                        .retrain()
                        .finalists()
                        .heldOut(
                                plan.dataset().train().size(),
                                plan.dataset().validation().size())
                : 0;
        RetrainingJob job = RetrainingSpecs.inOneTask(
                plan, architecture, Key.of(choice.engine()), threads, NO_STATES, heldOut, spark.hadoopConfiguration());
        JavaRDD<Integer> one = spark.parallelize(List.of(0), 1);
        try {
            return gpus.map(one::withResources)
                    .orElse(one)
                    .map(new TimeRetraining(job))
                    .first();
        } catch (Exception e) { // Spark's are checked, and declared nowhere
            throw new JobException("timing the retraining", e, spark);
        }
    }
}
