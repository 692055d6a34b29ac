package io.efsnas.supernet.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class NearestImagesTest {

    /** The reference adds up squares in double precision, one image after the other. */
    @Property(tries = 100)
    void distancesAreThoseOfTheNearest(
            @ForAll @IntRange(min = 1, max = 50) int size,
            @ForAll @IntRange(min = 2, max = 9) int images,
            @ForAll long seed) {
        Random random = new Random(seed);
        int neighbours = 1 + random.nextInt(images - 1);
        float[] values = new float[images * size];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        System.arraycopy(values, 0, values, size, size); // two equal images

        double[][] distances = NearestImages.distances(values, images, neighbours);

        assertThat(distances).hasDimensions(images, neighbours);
        assertThat(distances[0][0]).isEqualTo(0);
        for (int image = 0; image < images; image++) {
            int self = image;
            double[] expected = IntStream.range(0, images)
                    .filter(other -> other != self)
                    .mapToDouble(other -> Math.sqrt(IntStream.range(0, size)
                            .mapToDouble(i -> Math.pow((double) values[self * size + i] - values[other * size + i], 2))
                            .sum()))
                    .sorted()
                    .limit(neighbours)
                    .toArray();
            assertArrayEquals(expected, distances[image], 1e-5);
        }
    }
}
