package io.efsnas.driver.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SubspaceCorrelationTest {

    /** In subspace 0 the same order, in 1 the reverse, in 2 a single one. */
    private static final SubspaceCorrelation MIXED = SubspaceCorrelation.of(
            List.of("0", "1", "0", "1", "0", "2"),
            new double[] {0.1, 0.7, 0.2, 0.8, 0.3, 0.9},
            new double[] {10, 80, 20, 70, 30, 90});

    @Test
    void subspacesAreCorrelatedByThemselves() {
        assertThat(MIXED.overall().architectures()).isEqualTo(6);
        assertThat(MIXED.overall().kendallTau()).isCloseTo((14 - 1) / 15.0, within(1e-12));
        assertThat(MIXED.subspaces())
                .isEqualTo(Map.of(
                        "0", new Correlation(3, 1, 1),
                        "1", new Correlation(2, -1, -1),
                        "2", new Correlation(1, Double.NaN, Double.NaN)));
    }

    @Test
    void rhoWithinSubspacesIsTheMeanOfTheDefinedOnes() {
        assertThat(MIXED.rhoWithinSubspaces()).isCloseTo((3 * 1 + 2 * -1) / 5.0, within(1e-12));
        assertThat(SubspaceCorrelation.of(List.of("0"), new double[] {1}, new double[] {1})
                        .rhoWithinSubspaces())
                .isNaN();
    }
}
