package io.efsnas.measure.zerocost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.efsnas.measure.Measure;
import io.efsnas.measure.MeasureContext;
import io.efsnas.supernet.Activity;
import io.efsnas.supernet.SupernetState;
import io.efsnas.supernet.SupernetState.Tensor;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Measures from gradients and activity that are made up, against values worked out by hand. */
class GradientMeasuresTest {

    private static double[] of(Measure measure, MeasureContext context) {
        double[] values = measure.of(StubSupernet.ANY, context);
        assertThat(values).hasSameSizeAs(measure.columns());
        return values;
    }

    @Test
    void gradientNormIsOfAllWeightsOnNoise() {
        StubSupernet supernet = new StubSupernet().with(StubSupernet.NOISE, 1, 2, -1, 2);

        assertThat(of(new GradientNorm(), StubSupernet.context(supernet))[0])
                .isCloseTo(Math.sqrt(4 + 1 + 4 + 4), within(1e-12));
    }

    @Test
    void zicoIsOfTwoBatches() {
        // Means of sizes 2, 2, 4; deviations 1, 2, 1.
        StubSupernet supernet = new StubSupernet().with(0, 1, 1, -2, 3).with(1, 1, 3, 2, 5);

        assertThat(of(new Zico(), StubSupernet.context(supernet))[0])
                .isCloseTo(Math.log(2 + 1) + Math.log(4), within(1e-12));
    }

    @Test
    void whatDoesNotVaryAddsNothingToZico() {
        StubSupernet supernet = new StubSupernet().with(0, 1, 1, -2, 3).with(1, 1, 1, 2, 3);

        assertThat(of(new Zico(), StubSupernet.context(supernet))[0]).isEqualTo(Math.log(1));
        supernet.with(1, 1, 1, Float.NaN, 3);
        assertThat(of(new Zico(), StubSupernet.context(supernet))[0]).isNaN();
    }

    @Test
    void sigeoIsOfFourBatches() {
        StubSupernet supernet = new StubSupernet()
                .with(0, 1.5, 1, 0, 3)
                .with(1, 1.5, 3, 0, 3)
                .with(2, 1.5, 1, 0, 3)
                .with(3, 2.5, 3, 2, 3);
        SupernetState weights = new SupernetState(Map.of(
                "first", new Tensor(StubSupernet.FIRST.shape(), new float[] {2, -1}),
                "second", new Tensor(StubSupernet.SECOND.shape(), new float[] {-1}),
                "bias", new Tensor(StubSupernet.BIAS.shape(), new float[] {100})));

        double[] values = of(new SiGeo(), StubSupernet.context(supernet, weights));

        assertThat(values[0]).isCloseTo(Math.log(1e-5 + (8 * 2 - 2) + 12), within(1e-12));
        // The second value's sizes have a mean of 0.5 and a deviation of sqrt(3) / 2.
        assertThat(values[1]).isCloseTo(Math.log(2 + 1 / Math.sqrt(3)), within(1e-12));
        assertThat(values[2]).isEqualTo(-2.5);
    }

    @Test
    void jacobianCovarianceIsOfTheCorrelationsEigenvalues() {
        double first = 0.5 + 1e-5; // of a correlation of -0.5
        double second = 1.5 + 1e-5;

        assertThat(of(new JacobianCovariance(), StubSupernet.context(new StubSupernet()))[0])
                .isCloseTo(-Math.log(first) - 1 / first - Math.log(second) - 1 / second, within(1e-9));
    }

    @Test
    void anImageWhoseGradientIsTheSameEverywhereHasNoCovariance() {
        assertThat(JacobianCovariance.of(new float[] {1, 2, 3, 0, 0, 0}, 2)).isNaN();
    }

    @Test
    void tangentKernelHasSmallestEigenvalueAndCondition() {
        double[] values = of(new TangentKernel(), StubSupernet.context(new StubSupernet()));

        assertThat(values[0]).isCloseTo(1, within(1e-12));
        assertThat(values[1]).isCloseTo(-3, within(1e-12));
    }

    @Test
    void equalImagesHaveNoCondition() {
        double[] values = TangentKernel.of(new double[][] {{1, 0}, {0, 0}});

        assertThat(values[0]).isZero();
        assertThat(values[1]).isInfinite();
        assertThat(TangentKernel.of(new double[][] {{1, Double.NaN}, {0, 0}})).containsOnly(Double.NaN);
    }

    @Test
    void naswotCountsUnitsOnWhichImagesAgree() {
        // They differ in two of the four units that count twice, and in one of three: K = [[11, 6], [6, 11]].
        assertThat(of(new Naswot(), StubSupernet.context(new StubSupernet()))[0])
                .isCloseTo(Math.log(11 * 11 - 6 * 6), within(1e-12));
    }

    @Test
    void imagesThatAreNotToldApartHaveNoNaswot() {
        Activity same = new Activity(4, 1, List.of(StubSupernet.units(0, 1), StubSupernet.units(0, 1)));

        assertThat(Naswot.of(List.of(same))).isEqualTo(Double.NEGATIVE_INFINITY);
    }
}
