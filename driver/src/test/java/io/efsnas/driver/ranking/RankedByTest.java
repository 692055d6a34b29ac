package io.efsnas.driver.ranking;

import static org.assertj.core.api.Assertions.assertThat;

import io.efsnas.driver.statistics.SubspaceCorrelation;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class RankedByTest {

    private static final double[] RISING = {1, 2, 3, 4};
    private static final double[] FALLING = {4, 3, 2, 1};
    private static final double[] EQUAL = {1, 1, 1, 1};

    private static SubspaceCorrelation with(double[] other) {
        return SubspaceCorrelation.of(List.of(0, 0, 0, 0), RISING, other);
    }

    private static String told(double[] halves, double[] prior) {
        return RankedBy.accuracyAndLiveParameters(
                OptionalDouble.empty(), new Reliability(100, with(halves), Optional.empty(), with(prior)));
    }

    @Test
    void saysWhatOneScoringBatchDoes() {
        assertThat(told(EQUAL, RISING))
                .isEqualTo(
                        "ranked by accuracy and live parameters (weight 1.0000), since nothing shows how reliable the"
                                + " accuracies are: a single scoring batch has no two halves, and too few architectures were"
                                + " measured twice");
    }

    @Test
    void saysThatNoiseRanks() {
        assertThat(told(FALLING, FALLING))
                .isEqualTo(
                        "ranked by accuracy alone, without live parameters (weight 0.0000), since the accuracies do not"
                                + " agree with them; the reliability of the accuracies is 0.00, so that this ranking is no better"
                                + " than chance");
    }

    @Test
    void saysHowReliableTheAccuraciesAre() {
        assertThat(told(RISING, new double[] {2, 1, 3, 4}))
                .startsWith("ranked by accuracy")
                .endsWith("the reliability of the accuracies is 1.00");
    }

    @Test
    void saysWhatTheConfigurationDecides() {
        assertThat(RankedBy.accuracyAndLiveParameters(
                        OptionalDouble.of(0.5), new Reliability(100, with(RISING), Optional.empty(), with(RISING))))
                .isEqualTo(
                        "ranked by accuracy and live parameters (weight 0.5000), as ranking.live-parameters-weight says");
    }
}
