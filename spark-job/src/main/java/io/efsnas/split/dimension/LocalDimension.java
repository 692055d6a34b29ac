package io.efsnas.split.dimension;

import java.util.Arrays;

/**
 * How many dimensions points seem to spread in around one of them, by how fast the distances of its neighbours grow: the
 * estimate of largest likelihood (Levina, Bickel, NIPS 2004) as NAS-LID has it, k / Σ ln(r_k / r_i) with the distances
 * r_1 to r_k of the k nearest neighbours.
 *
 * <p>Neighbours that are as good as equally far, or in the same place, would make it infinite or 0: r_i counts as at least
 * 1e-6 r_k, and the estimate is at most 1,000. It is 0 if all k neighbours are in the same place as the point.
 */
final class LocalDimension {

    private static final double LEAST_RATIO = 1e-6;
    private static final double MOST = 1000;

    private LocalDimension() {}

    /**
     * The estimate around one point; NaN if a distance is not a finite number.
     *
     * @param distances of its nearest neighbours, ascending, at least two
     */
    static double of(double[] distances) {
        double farthest = distances[distances.length - 1];
        if (farthest == 0) {
            return 0;
        }
        double logs = 0;
        for (double distance : distances) {
            logs -= Math.log(Math.max(LEAST_RATIO, distance / farthest));
        }
        return Math.min(MOST, distances.length / logs);
    }

    /**
     * The mean over all points.
     *
     * @param distances {@code [point][neighbour]}
     */
    static double mean(double[][] distances) {
        return Arrays.stream(distances)
                .mapToDouble(LocalDimension::of)
                .average()
                .orElseThrow();
    }
}
