package io.efsnas.supernet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.efsnas.network.Weight;
import io.efsnas.supernet.SupernetState.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SupernetStateTest {

    private static final Weight BIAS = new Weight("classifier.bias", List.of(2), 1);
    private static final Weight AVERAGED = new Weight("averaged", List.of(1), 1);
    private static final List<Weight> WEIGHTS = List.of(BIAS, AVERAGED);

    private static SupernetState state(String... prefixes) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        for (String prefix : prefixes) {
            WEIGHTS.forEach(weight ->
                    tensors.put(prefix + weight.name(), new Tensor(weight.shape(), new float[weight.size()])));
        }
        return new SupernetState(tensors);
    }

    @Test
    void furtherMomentaAndAveragesMayBeThere() {
        SupernetState plain = state("", "momentum.");
        SupernetState all = state("", "momentum.", "momentum-3.", "momentum-12.", "average.");

        Stream.of(plain, all).forEach(state -> state.requireTensorsOf(WEIGHTS));
        assertThat(plain.momenta()).containsExactly(0);
        assertThat(plain.hasAverages()).isFalse();
        assertThat(all.momenta()).containsExactly(0, 3, 12);
        assertThat(all.hasAverages()).isTrue();
        assertThat(all.inherited().tensors()).containsOnlyKeys(plain.tensors().keySet());
    }

    @Test
    void theyAreThereForAllWeightsOrForNone() {
        for (String prefix : List.of("momentum-3.", "average.")) {
            Map<String, Tensor> tensors =
                    new LinkedHashMap<>(state("", "momentum.", prefix).tensors());
            tensors.remove(prefix + AVERAGED.name());
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new SupernetState(tensors).requireTensorsOf(WEIGHTS))
                    .withMessage("tensor '" + prefix + "averaged' should have the shape [1], but is missing");
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> state("", "momentum.", "momentum-x.").requireTensorsOf(WEIGHTS))
                .withMessage("this supernet has no tensor 'momentum-x.averaged'");
    }
}
