package io.efsnas.data;

import static org.assertj.core.api.Assertions.assertThat;

import io.efsnas.random.KeyedRandom;
import io.efsnas.random.KeyedRandom.Purpose;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PermutationTest {

    private static List<Integer> permutation(int size, long seed, Purpose purpose, long... key) {
        return Arrays.stream(Permutation.of(size, KeyedRandom.of(seed, purpose, key)))
                .boxed()
                .toList();
    }

    @Test
    void everyWordOfTheKeyCounts() {
        Set<List<Integer>> drawn = new HashSet<>();
        for (Purpose purpose : Purpose.values()) {
            for (long seed = 0; seed < 4; seed++) {
                for (long supernet = 0; supernet < 4; supernet++) {
                    for (long step = 0; step < 4; step++) {
                        drawn.add(permutation(100, seed, purpose, supernet, step));
                    }
                }
            }
        }
        assertThat(drawn).hasSize(Purpose.values().length * 4 * 4 * 4);
    }

    /** A change here makes searches that were begun before end otherwise. */
    @Test
    void drawsWhatItAlwaysDrew() {
        assertThat(permutation(10, 1, Purpose.EPOCH, 2, 3)).containsExactly(4, 0, 6, 2, 3, 5, 1, 7, 8, 9);
    }

    @Test
    void allPermutationsAreAboutEquallyLikely() {
        Map<List<Integer>, Integer> counts = new HashMap<>();
        for (long step = 0; step < 24_000; step++) {
            counts.merge(permutation(4, 7, Purpose.EPOCH, 0, step), 1, Integer::sum);
        }
        // 1,000 each are expected, with a standard deviation of 31.
        assertThat(counts).hasSize(24);
        assertThat(counts.values()).allSatisfy(count -> assertThat(count).isBetween(850, 1_150));
    }
}
