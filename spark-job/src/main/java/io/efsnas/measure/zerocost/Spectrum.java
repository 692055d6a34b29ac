package io.efsnas.measure.zerocost;

import java.util.Arrays;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.EigenDecomposition;
import org.apache.commons.math3.linear.LUDecomposition;

/** Eigenvalues and singular values of small matrices. */
final class Spectrum {

    private Spectrum() {}

    /**
     * The eigenvalues of a symmetric matrix; not numbers if one of its entries is not finite.
     *
     * @param matrix a matrix that is symmetric but for rounding
     */
    static double[] eigenvalues(double[][] matrix) {
        double[][] symmetric = new double[matrix.length][matrix.length];
        for (int row = 0; row < matrix.length; row++) {
            for (int column = 0; column < matrix.length; column++) {
                symmetric[row][column] = (matrix[row][column] + matrix[column][row]) / 2;
                if (!Double.isFinite(symmetric[row][column])) {
                    double[] none = new double[matrix.length];
                    Arrays.fill(none, Double.NaN);
                    return none; // the decomposition would never end
                }
            }
        }
        return new EigenDecomposition(new Array2DRowRealMatrix(symmetric, false)).getRealEigenvalues();
    }

    /** The natural logarithm of a matrix's determinant without its sign; minus infinity if it has no inverse. */
    static double logDeterminant(double[][] matrix) {
        LUDecomposition parts = new LUDecomposition(new Array2DRowRealMatrix(matrix, false));
        if (!parts.getSolver().isNonSingular()) {
            return Double.NEGATIVE_INFINITY;
        }
        double sum = 0;
        for (int i = 0; i < matrix.length; i++) {
            sum += Math.log(Math.abs(parts.getU().getEntry(i, i)));
        }
        return sum;
    }

    /**
     * The largest singular value of a matrix.
     *
     * @param values its entries in row-major order
     */
    static double largestSingularValue(float[] values, int rows, int columns) {
        double[][] squared = new double[rows][rows];
        for (int a = 0; a < rows; a++) {
            for (int b = 0; b <= a; b++) {
                double sum = 0;
                for (int column = 0; column < columns; column++) {
                    sum += (double) values[a * columns + column] * values[b * columns + column];
                }
                squared[a][b] = sum;
                squared[b][a] = sum;
            }
        }
        double largest = 0;
        for (double eigenvalue : eigenvalues(squared)) {
            largest = Math.max(largest, eigenvalue);
        }
        return Math.sqrt(largest);
    }
}
