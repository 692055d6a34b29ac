package io.efsnas.supernet.graph;

import java.util.Arrays;

/** How far images are from those nearest to them, by some values of each. */
final class NearestImages {

    private NearestImages() {}

    /**
     * The distances of each image's nearest neighbours.
     *
     * @param values {@code [image][value]}
     * @param images how many there are
     * @param neighbours of each image, fewer than there are images
     * @return {@code [image][neighbour]}, ascending Euclidean distances
     */
    static double[][] distances(float[] values, int images, int neighbours) {
        int size = values.length / images;
        double[][] squares = new double[images][images];
        for (int a = 0; a < images; a++) {
            for (int b = 0; b < a; b++) {
                squares[a][b] = square(values, a * size, b * size, size);
                squares[b][a] = squares[a][b];
            }
        }
        double[][] nearest = new double[images][];
        for (int image = 0; image < images; image++) {
            // No image is a neighbour of its own: it is sorted to the front, and left out.
            squares[image][image] = Double.NEGATIVE_INFINITY;
            Arrays.sort(squares[image]);
            nearest[image] = Arrays.stream(squares[image], 1, 1 + neighbours)
                    .map(Math::sqrt)
                    .toArray();
        }
        return nearest;
    }

    /**
     * The squared distance of two images, in four sums, which a processor adds to at the same time; in single precision,
     * which is twice as fast.
     *
     * @param ofA where the values of one begin
     * @param ofB where those of the other begin
     */
    private static float square(float[] values, int ofA, int ofB, int size) {
        float first = 0;
        float second = 0;
        float third = 0;
        float fourth = 0;
        int fours = size - size % 4;
        for (int i = 0; i < fours; i += 4) {
            first += square(values[ofA + i] - values[ofB + i]);
            second += square(values[ofA + i + 1] - values[ofB + i + 1]);
            third += square(values[ofA + i + 2] - values[ofB + i + 2]);
            fourth += square(values[ofA + i + 3] - values[ofB + i + 3]);
        }
        for (int i = fours; i < size; i++) {
            first += square(values[ofA + i] - values[ofB + i]);
        }
        return first + second + (third + fourth);
    }

    private static float square(float difference) {
        return difference * difference;
    }
}
