package io.efsnas.supernet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;

/** Compares the weights and momenta of supernets. */
public final class SupernetStates {

    private SupernetStates() {}

    /** Tensor by tensor, within {@code tolerance} of the largest value of each. */
    public static void assertClose(SupernetState actual, SupernetState expected, float tolerance) {
        assertClose(actual, expected, tolerance, Float.MIN_VALUE); // JUnit accepts no precision of 0
    }

    /** The same with what rounding may leave of sums that are 0. */
    public static void assertClose(SupernetState actual, SupernetState expected, float tolerance, float rounding) {
        assertThat(actual.tensors().keySet())
                .containsExactlyElementsOf(expected.tensors().keySet());
        expected.tensors().forEach((name, tensor) -> {
            float largest = 0;
            for (float value : tensor.values()) {
                largest = Math.max(largest, Math.abs(value));
            }
            // Takes time in proportion to the number of values; containsExactly of AssertJ takes its square.
            assertArrayEquals(
                    tensor.values(), actual.tensors().get(name).values(), tolerance * largest + rounding, name);
        });
    }
}
