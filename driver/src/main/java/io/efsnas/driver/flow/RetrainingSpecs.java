package io.efsnas.driver.flow;

import io.efsnas.driver.config.RetrainConfig;
import io.efsnas.driver.config.SearchConfig;
import io.efsnas.driver.retrain.cluster.RetrainingPlan;
import io.efsnas.job.RetrainingJob;
import io.efsnas.random.KeyedRandom;
import io.efsnas.random.KeyedRandom.Purpose;
import io.efsnas.retraining.RetrainedNetworkSpec;
import io.efsnas.retraining.RetrainedNetworkSpec.Regularisation;
import io.efsnas.retraining.RetrainingSchedule;
import io.efsnas.space.Architecture;
import io.efsnas.supernet.Precision;
import io.efsnas.supernet.SupernetSpec;
import java.time.Duration;
import org.apache.hadoop.conf.Configuration;

/** How an architecture of a plan is trained from scratch. */
public final class RetrainingSpecs {

    private RetrainingSpecs() {}

    /** With DL4J, by so many workers unless the configuration says how many. */
    public static RetrainingPlan withDl4j(
            SearchPlan plan, Architecture architecture, int workers, int threads, Configuration hadoop) {
        RetrainConfig retrain = plan.config().retrain();
        return new RetrainingPlan(
                network(plan, architecture),
                schedule(plan, 0),
                plan.images(hadoop),
                new RetrainingPlan.Team(
                        retrain.workers().orElse(workers),
                        threads,
                        retrain.mode(),
                        retrain.averagingFrequency(),
                        Duration.ofSeconds(plan.config().cluster().stalledAfter())));
    }

    /**
     * In one task.
     *
     * @param threads the number of its threads on a CPU
     * @param states the directory of its states
     * @param heldOut the number of images that judge it, if it is a finalist, and train nothing; else 0
     */
    static RetrainingJob inOneTask(
            SearchPlan plan,
            Architecture architecture,
            String engine,
            int threads,
            String states,
            int heldOut,
            Configuration hadoop) {
        SearchConfig config = plan.config();
        return new RetrainingJob(
                network(plan, architecture),
                schedule(plan, heldOut),
                plan.images(hadoop),
                engine,
                threads,
                config.supernet().precision() == Precision.TF32 ? Precision.TF32 : Precision.FLOAT32,
                states,
                config.retrain().epochs());
    }

    private static RetrainedNetworkSpec network(SearchPlan plan, Architecture architecture) {
        RetrainConfig retrain = plan.config().retrain();
        return new RetrainedNetworkSpec(
                plan.space(),
                architecture,
                plan.finalSize(),
                new SupernetSpec.Optimizer((float) retrain.momentum(), (float) retrain.weightDecay(), (float)
                        retrain.recipe().gradientClip()),
                new Regularisation(
                        retrain.labelSmoothing(),
                        retrain.recipe().dropout(),
                        retrain.recipe().dropPath(),
                        retrain.recipe().auxiliaryWeight()),
                retrain.recipe().averageDecay(),
                retrain.batch(),
                KeyedRandom.of(plan.config().seed(), Purpose.INITIAL_WEIGHTS, RetrainingSchedule.FINAL_NETWORK)
                        .nextLong());
    }

    private static RetrainingSchedule schedule(SearchPlan plan, int heldOut) {
        SearchConfig config = plan.config();
        RetrainConfig retrain = config.retrain();
        return new RetrainingSchedule(
                retrain.epochs(),
                retrain.batch(),
                new RetrainingSchedule.LearningRate(
                        retrain.learningRate().initial(),
                        retrain.learningRate().last(),
                        retrain.recipe().warmUp()),
                config.training().augmentation(),
                retrain.recipe().cutout(),
                heldOut,
                config.seed());
    }
}
