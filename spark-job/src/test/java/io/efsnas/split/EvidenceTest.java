package io.efsnas.split;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EvidenceTest {

    @Test
    void meansAreThoseOfEachValue() {
        assertThat(Evidence.mean(List.of(
                                Evidence.of(Map.of("a", 1.0, "b", -2.0)),
                                Evidence.of(Map.of("a", 2.0, "b", 0.0)),
                                Evidence.of(Map.of("a", 6.0, "b", -1.0))))
                        .values())
                .containsExactly(Map.entry("a", 3.0), Map.entry("b", -1.0));
    }

    @Test
    void measurementsOfOtherValuesAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Evidence.mean(List.of(Evidence.of(Map.of("a", 1.0)), Evidence.of(Map.of("b", 1.0)))))
                .withMessage("a probe has measured [a] on one batch and [b] on another");
    }
}
