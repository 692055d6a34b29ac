package io.efsnas.driver.ranking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.apache.commons.math3.stat.regression.OLSMultipleLinearRegression;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PriorWeightTest {

    /** Regresses what was measured on its noisy measurement and the prior, all three simulated. */
    @ParameterizedTest
    @CsvSource({"0.9, 0.6", "0.7, 0.4", "0.5, 0.3", "0.8, 0.1"})
    void isThatOfTheBestLinearPredictor(double reliability, double correlation) {
        int samples = 200_000;
        Random random = new Random(1);
        double ofPrior = correlation / Math.sqrt(reliability);
        double[] truth = new double[samples];
        double[][] predictors = new double[samples][2];
        for (int i = 0; i < samples; i++) {
            truth[i] = random.nextGaussian();
            predictors[i][0] = Math.sqrt(reliability) * truth[i] + Math.sqrt(1 - reliability) * random.nextGaussian();
            predictors[i][1] = ofPrior * truth[i] + Math.sqrt(1 - ofPrior * ofPrior) * random.nextGaussian();
        }
        OLSMultipleLinearRegression regression = new OLSMultipleLinearRegression();
        regression.newSampleData(truth, predictors);
        double[] weights = regression.estimateRegressionParameters();

        assertThat(PriorWeight.of(reliability, correlation)).isCloseTo(weights[2] / weights[1], within(0.01));
    }

    @ParameterizedTest
    @CsvSource({
        "1, 0.5, 0", // nothing to add to accuracies without noise
        "0.5, 0.5, 1", // 0.25 to 0.25: both the same
        "0.4, 0.5, 1", // 0.15 to 0.3: held to 1
        "0.25, 0.5, 1", // no information of its own in the accuracies
        "0, 0.5, 1",
        "0.5, 0, 0", // nothing that accuracy and prior share
        "0.5, -0.5, 0",
        "0.5, NaN, 0",
        "NaN, 0.5, 1", // nothing known
    })
    void limits(double reliability, double correlation, double weight) {
        assertThat(PriorWeight.of(reliability, correlation)).isEqualTo(weight);
    }

    @Property
    void lessReliableAccuraciesGiveThePriorMoreWeight(
            @ForAll @DoubleRange(min = 0, max = 1) double reliability,
            @ForAll @DoubleRange(min = 0, max = 1) double less,
            @ForAll @DoubleRange(min = -1, max = 1) double correlation) {
        double weight = PriorWeight.of(reliability, correlation);

        assertThat(weight).isBetween(0.0, 1.0);
        assertThat(PriorWeight.of(reliability * less, correlation)).isGreaterThanOrEqualTo(weight);
    }
}
