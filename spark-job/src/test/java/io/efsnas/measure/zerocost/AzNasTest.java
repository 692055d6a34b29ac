package io.efsnas.measure.zerocost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.efsnas.supernet.BlockMoments;
import io.efsnas.supernet.BlockMoments.Back;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AzNasTest {

    /** Values of blocks that are given. */
    private static double[] of(BlockMoments... blocks) {
        return AzNas.of(List.of(blocks));
    }

    private static BlockMoments block(float[] sums, float[] products, Back back) {
        return new BlockMoments(10, sums, products, Optional.ofNullable(back));
    }

    private static Back back(float first, float second) {
        return new Back(2, 2, new float[] {first, 0, 0, second}, false);
    }

    @Test
    void entropyIsThatOfTheCovariancesEigenvalues() {
        // Covariances: the identity, of entropy ln 2; then one with eigenvalues 3 and 1 about a mean of 2.
        BlockMoments first = block(new float[2], new float[] {10, 0, 0, 10}, null);
        BlockMoments second = block(new float[] {20, 20}, new float[] {60, 50, 50, 60}, back(10, 5));
        double entropy = -(0.75 * Math.log(0.75) + 0.25 * Math.log(0.25));

        double[] values = of(first, second);

        assertThat(values[0]).isCloseTo(Math.log(2) + entropy, within(1e-6));
        assertThat(values[1]).isCloseTo(entropy - Math.log(2), within(1e-6));
    }

    @Test
    void trainabilityIsBestWhereGradientsKeepTheirSize() {
        float[] products = {10, 0, 0, 10};
        BlockMoments first = block(new float[2], products, null);

        // Largest singular values of 1 and, of the product divided by the ten positions, 2.
        assertThat(of(first, block(new float[2], products, back(10, 5)))[2]).isCloseTo(0, within(1e-5));
        assertThat(of(first, block(new float[2], products, back(-20, 5)))[2]).isCloseTo(2 - 2 - 0.5, within(1e-5));
    }

    @Test
    void aBlockThatComputesNothingCannotBeTrained() {
        float[] products = {10, 0, 0, 10};
        Back identity = new Back(2, 2, new float[4], true);

        assertThat(of(block(new float[2], products, null), block(new float[2], products, identity))[2])
                .isEqualTo(Double.NEGATIVE_INFINITY);
    }

    @Test
    void aBlockThatGivesZerosHasNoEntropy() {
        BlockMoments zero = block(new float[2], new float[4], back(0, 0));

        double[] values = of(block(new float[2], new float[] {10, 0, 0, 10}, null), zero);

        assertThat(values[0]).isEqualTo(Double.NEGATIVE_INFINITY);
        assertThat(values[2]).isCloseTo(2 - 1e6, within(1.0));
    }
}
