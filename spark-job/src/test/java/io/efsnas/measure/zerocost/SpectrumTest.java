package io.efsnas.measure.zerocost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class SpectrumTest {

    @Test
    void eigenvaluesOfASymmetricMatrix() {
        assertThat(Spectrum.eigenvalues(new double[][] {{2, 1}, {1, 2}}))
                .usingComparatorWithPrecision(1e-12)
                .containsExactlyInAnyOrder(1.0, 3.0);
    }

    @Test
    void whatIsNotFiniteHasNoEigenvalues() {
        assertThat(Spectrum.eigenvalues(new double[][] {{2, Double.POSITIVE_INFINITY}, {1, 2}}))
                .containsOnly(Double.NaN);
        assertThat(Spectrum.largestSingularValue(new float[] {1, Float.NaN, 0, 1}, 2, 2))
                .isNaN();
    }

    @Test
    void logarithmOfADeterminantHasNoSign() {
        double[][] matrix = {{0, 2, 1}, {1, 1, 3}, {4, 0, 1}};

        assertThat(Spectrum.logDeterminant(matrix)).isCloseTo(Math.log(2 * (3 * 4 - 1) - 4), within(1e-12));
        assertThat(Spectrum.logDeterminant(new double[][] {{0, 1}, {1, 0}})).isZero();
        assertThat(Spectrum.logDeterminant(new double[][] {{1, 2}, {2, 4}})).isEqualTo(Double.NEGATIVE_INFINITY);
    }

    /** Against many steps of the power iteration. */
    @Test
    void largestSingularValueOfAnyMatrix() {
        Random random = new Random(1);
        int rows = 7;
        int columns = 5;
        float[] values = new float[rows * columns];
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextFloat() - 0.5f;
        }
        double[] vector = random.doubles(columns).toArray();
        double norm = 0;
        for (int step = 0; step < 500; step++) {
            double[] image = new double[rows];
            for (int row = 0; row < rows; row++) {
                for (int column = 0; column < columns; column++) {
                    image[row] += values[row * columns + column] * vector[column];
                }
            }
            double[] back = new double[columns];
            double squares = 0;
            for (int column = 0; column < columns; column++) {
                for (int row = 0; row < rows; row++) {
                    back[column] += values[row * columns + column] * image[row];
                }
                squares += back[column] * back[column];
            }
            norm = Math.sqrt(squares);
            for (int column = 0; column < columns; column++) {
                vector[column] = back[column] / norm;
            }
        }
        assertThat(Spectrum.largestSingularValue(values, rows, columns)).isCloseTo(Math.sqrt(norm), within(1e-9));
    }
}
