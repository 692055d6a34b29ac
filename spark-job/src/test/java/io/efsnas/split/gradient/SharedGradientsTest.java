package io.efsnas.split.gradient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.efsnas.network.Weight;
import io.efsnas.supernet.LossGradients;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SharedGradientsTest {

    private static final Weight STEM = new Weight("stem", List.of(1, 2), 2);
    private static final Weight OTHER = new Weight("other", List.of(1, 1), 1);
    private static final Weight OWN = new Weight("own", List.of(1, 1), 1);

    private static SharedGradients of(Map<Weight, float[]> gradients) {
        return SharedGradients.of(new LossGradients(1, gradients), Set.of(OWN));
    }

    private static SharedGradients stem(float... values) {
        return of(Map.of(STEM, values));
    }

    @Test
    void distanceIsOneLessTheCosine() {
        assertThat(stem(3, 4).distance(stem(6, 8))).isCloseTo(0, within(1e-15));
        assertThat(stem(3, 4).distance(stem(-3, -4))).isCloseTo(2, within(1e-15));
        assertThat(stem(3, 4).distance(stem(4, -3))).isEqualTo(1);
        assertThat(stem(1, 0).distance(stem(1, 1))).isCloseTo(1 - Math.sqrt(0.5), within(1e-15));
        assertThat(stem(0, 0).distance(stem(1, 1))).as("no direction").isEqualTo(1);
    }

    @Test
    void weightsOfThePositionAreLeftOut() {
        assertThat(of(Map.of(STEM, new float[] {1, 2}, OWN, new float[] {100}))
                        .distance(of(Map.of(STEM, new float[] {1, 2}, OWN, new float[] {-100}))))
                .isCloseTo(0, within(1e-15));
    }

    /** (1, 0, 1) and (1, 0, 0) have an angle of 45 degrees. */
    @Test
    void aWeightThatASubnetDoesNotUseHasNoGradient() {
        SharedGradients both = of(Map.of(STEM, new float[] {1, 0}, OTHER, new float[] {1}));

        assertThat(both.distance(stem(1, 0))).isCloseTo(1 - Math.sqrt(0.5), within(1e-15));
        assertThat(stem(1, 0).distance(both)).isCloseTo(1 - Math.sqrt(0.5), within(1e-15));
    }
}
