package io.efsnas.random;

import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * Random numbers that depend on a key alone, so that step 1,000 draws the same whether or not step 999 ran before it in
 * the same process: what lets a killed run go on as if nothing had happened.
 *
 * <p>The key is mixed into the generator's seed word by word: {@code state = mix(state + word)}, beginning with
 * {@code mix(seed)}, where {@code mix(x)} is the first number of {@code new SplittableRandom(x)}. That function is a
 * bijection of 64 bits, so keys that differ in one word never share a state at that word.
 */
public final class KeyedRandom {

    /** What the numbers decide. */
    public enum Purpose {
        SPLIT(0),
        EPOCH(1),
        AUGMENTATION(2),
        INITIAL_WEIGHTS(3),
        TRAINED_SUBNETS(4),
        SCORED_SUBNETS(5),
        EVOLUTION(6),
        DROPOUT(7),
        MEASURES(8),
        PROBE(9),
        PARTS(10),
        MOMENTA(11),
        CUTOUT(12),
        SHARDS(13),
        DROP_PATH(14),
        PATH_DROPOUT(15),
        CHOICE(16),
        VIEW(17),
        EMBEDDING(18);

        /** Part of the key, so that no two purposes draw the same numbers. */
        private final long word;

        Purpose(long word) {
            this.word = word;
        }
    }

    private KeyedRandom() {}

    /** A generator at the beginning of the sequence of a key. */
    public static SplittableRandom of(long seed, Purpose purpose, long... key) {
        long state = mix(mix(seed) + purpose.word);
        for (long word : key) {
            state = mix(state + word);
        }
        return new SplittableRandom(state);
    }

    /**
     * A number of the standard normal distribution, by Box and Muller, with functions that give the same bits on every
     * machine.
     */
    public static double normal(RandomGenerator random) {
        double radius = Math.sqrt(-2 * StrictMath.log(1 - random.nextDouble()));
        return radius * StrictMath.cos(2 * Math.PI * random.nextDouble());
    }

    private static long mix(long value) {
        return new SplittableRandom(value).nextLong();
    }
}
