package io.efsnas.supernet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;

/** Compares the weights and momenta of supernets. */
public final class SupernetStates {

    /** What rounding leaves of sums that are 0. */
    private static final float ROUNDING = 1e-7f;

    private SupernetStates() {}

    /** Tensor by tensor, within {@code tolerance} of the largest value of each. */
    public static void assertClose(SupernetState actual, SupernetState expected, float tolerance) {
        assertThat(actual.tensors().keySet())
                .containsExactlyElementsOf(expected.tensors().keySet());
        expected.tensors().forEach((name, tensor) -> {
            float largest = 0;
            for (float value : tensor.values()) {
                largest = Math.max(largest, Math.abs(value));
            }
            // Takes time in proportion to the number of values; containsExactly of AssertJ takes its square.
            assertArrayEquals(
                    tensor.values(),
                    actual.tensors().get(name).values(),
                    Math.max(tolerance * largest, ROUNDING),
                    name);
        });
    }
}
