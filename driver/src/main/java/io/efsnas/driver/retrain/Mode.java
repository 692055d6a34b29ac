package io.efsnas.driver.retrain;

import java.util.Arrays;
import java.util.Locale;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.spark.api.RDDTrainingApproach;
import org.deeplearning4j.spark.api.Repartition;
import org.deeplearning4j.spark.api.TrainingMaster;
import org.deeplearning4j.spark.impl.paramavg.ParameterAveragingTrainingMaster;
import org.deeplearning4j.spark.parameterserver.training.SharedTrainingMaster;
import org.nd4j.parameterserver.distributed.conf.VoidConfiguration;

/** How the workers of a cluster train one network together. */
public enum Mode {
    /** Each worker trains a copy for some batches; then parameters and momentum are averaged. */
    PARAMETER_AVERAGING {
        @Override
        long batchesOfFit(RetrainingPlan plan, int batchesPerEpoch) {
            return (long) plan.workers() * plan.averagingFrequency();
        }

        @Override
        TrainingMaster<?, ?> master(RetrainingPlan plan, JavaSparkContext spark) {
            // The batches are where they are trained on already, and made anew rather than stored.
            return new ParameterAveragingTrainingMaster.Builder(plan.workers(), plan.batch())
                    .batchSizePerWorker(plan.batch())
                    .averagingFrequency(plan.averagingFrequency())
                    .rddTrainingApproach(RDDTrainingApproach.Direct)
                    .repartionData(Repartition.Never)
                    .storageLevel(null)
                    .build();
        }
    },

    /** Workers exchange compressed gradients while they train, without waiting for each other. */
    GRADIENT_SHARING {
        @Override
        long batchesOfFit(RetrainingPlan plan, int batchesPerEpoch) {
            return batchesPerEpoch;
        }

        @Override
        TrainingMaster<?, ?> master(RetrainingPlan plan, JavaSparkContext spark) {
            VoidConfiguration network = VoidConfiguration.builder()
                    .controllerAddress(spark.getConf().get("spark.driver.host"))
                    .unicastPort(40123)
                    .build();
            return new SharedTrainingMaster.Builder(network, plan.batch())
                    .batchSizePerWorker(plan.batch())
                    .workersPerNode(1)
                    .rddTrainingApproach(RDDTrainingApproach.Direct)
                    .repartitionData(Repartition.Never)
                    .storageLevel(null)
                    .build();
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

    /** The name in a configuration. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
