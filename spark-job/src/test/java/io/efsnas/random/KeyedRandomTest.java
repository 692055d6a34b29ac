package io.efsnas.random;

import static org.assertj.core.api.Assertions.assertThat;

import io.efsnas.random.KeyedRandom.Purpose;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class KeyedRandomTest {

    /** The first number of a SplitMix64 generator (Steele, Lea, Flood, OOPSLA 2014). */
    private static long splitMix(long seed) {
        long z = seed + 0x9e3779b97f4a7c15L;
        z = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
        z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
        return z ^ z >>> 31;
    }

    /** Of what earlier versions drew, so that results with a seed stay the same. */
    @Property(tries = 200)
    void theSeedAndTheWordsOfAKeyAreMixedInOneByOne(
            @ForAll long seed, @ForAll Purpose purpose, @ForAll @Size(max = 4) long[] key) {
        long word = List.of(
                        Purpose.SPLIT,
                        Purpose.EPOCH,
                        Purpose.AUGMENTATION,
                        Purpose.INITIAL_WEIGHTS,
                        Purpose.TRAINED_SUBNETS,
                        Purpose.SCORED_SUBNETS,
                        Purpose.EVOLUTION,
                        Purpose.DROPOUT,
                        Purpose.MEASURES,
                        Purpose.PROBE,
                        Purpose.PARTS,
                        Purpose.MOMENTA,
                        Purpose.CUTOUT,
                        Purpose.SHARDS,
                        Purpose.DROP_PATH,
                        Purpose.PATH_DROPOUT,
                        Purpose.CHOICE,
                        Purpose.VIEW,
                        Purpose.EMBEDDING)
                .indexOf(purpose);
        long state = splitMix(splitMix(seed) + word);
        for (long each : key) {
            state = splitMix(state + each);
        }
        assertThat(KeyedRandom.of(seed, purpose, key).nextLong()).isEqualTo(splitMix(state));
    }

    @Property(tries = 200)
    void keysThatDifferInOneWordDrawOtherNumbers(
            @ForAll long seed,
            @ForAll Purpose purpose,
            @ForAll @Size(3) long[] key,
            @ForAll @IntRange(max = 2) int at,
            @ForAll long other) {
        long[] changed = key.clone();
        changed[at] = other;
        boolean same = other == key[at];

        long first = KeyedRandom.of(seed, purpose, key).nextLong();
        assertThat(KeyedRandom.of(seed, purpose, changed).nextLong() == first).isEqualTo(same);
        assertThat(KeyedRandom.of(seed + 1, purpose, key).nextLong()).isNotEqualTo(first);
    }

    @Test
    void noTwoPurposesDrawTheSameNumbers() {
        Set<Long> first = new HashSet<>();
        for (Purpose purpose : Purpose.values()) {
            first.add(KeyedRandom.of(1, purpose, 2, 3).nextLong());
        }
        assertThat(first).hasSameSizeAs(Purpose.values());
    }

    @Test
    void everyGeneratorIsAtTheBeginningOfItsSequence() {
        SplittableRandom one = KeyedRandom.of(1, Purpose.EPOCH, 2);
        long first = one.nextLong();
        one.nextLong();

        assertThat(KeyedRandom.of(1, Purpose.EPOCH, 2).nextLong()).isEqualTo(first);
    }
}
