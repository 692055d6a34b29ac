package io.efsnas.measure.zerocost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.efsnas.data.Batch;
import io.efsnas.measure.Measure;
import io.efsnas.measure.MeasureContext;
import io.efsnas.measure.MeasureContext.Trained;
import io.efsnas.space.Architecture;
import io.efsnas.supernet.Activity;
import io.efsnas.supernet.SupernetState;
import io.efsnas.supernet.SupernetState.Tensor;
import java.util.ArrayList;
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
    void zicoIsOfAsManyBatchesAsAreSet() {
        // Of the second value: sizes 0, 0, 2 with a deviation of sqrt(8) / 3; the others do not vary.
        StubSupernet supernet =
                new StubSupernet().with(0, 1, 1, 0, 3).with(1, 1, 1, 0, 3).with(2, 1, 1, 2, 3);

        assertThat(of(new Zico(3), StubSupernet.context(supernet))[0])
                .isCloseTo(Math.log(2.0 / 3 / (Math.sqrt(8) / 3)), within(1e-6));
    }

    /** On an untrained and on a trained supernet. */
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
        MeasureContext context = StubSupernet.context(supernet, weights);
        MeasureContext trained = MeasureContext.ofArchitectures(StubSupernet.SPACE, StubSupernet.SIZE)
                .with(new Trained(supernet, weights, null, context.fresh().images()));

        double[] values = of(new SiGeo(), context);

        assertThat(of(new TrainedSiGeo(), trained)).isEqualTo(values);
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
    void tangentKernelIsAveragedOverInitialisations() {
        List<SupernetState> restored = new ArrayList<>();
        double[][][] kernels = {{{2, 1}, {1, 2}}, {{4, 0}, {0, 2}}, {{6, 1}, {1, 6}}};
        StubSupernet supernet = new StubSupernet() {
            @Override
            public double[][] tangentKernel(Batch batch, Architecture subnet) {
                return kernels[restored.size()];
            }

            @Override
            public void restore(SupernetState state) {
                restored.add(state);
            }
        };
        MeasureContext context = StubSupernet.context(supernet);

        double[] values = of(new TangentKernel(3), context);

        assertThat(values[0]).isCloseTo((1 + 2 + 5) / 3.0, within(1e-12));
        assertThat(values[1]).isCloseTo(-(3 + 2 + 7 / 5.0) / 3, within(1e-12));
        assertThat(restored).hasSize(3).endsWith(context.fresh().weights());
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
