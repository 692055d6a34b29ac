package io.efsnas.data;

import java.util.SplittableRandom;

/**
 * Random numbers that depend on a key alone, so that step 1,000 draws the same whether or not step 999 ran before it in
 * the same process.
 *
 * <p>The key is mixed into the generator's seed word by word: {@code state = mix(state + word)}, beginning with
 * {@code mix(seed)}, where {@code mix(x)} is the first number of {@code new SplittableRandom(x)}. That function is a
 * bijection of 64 bits, so keys that differ in one word never share a state at that word.
 */
final class KeyedRandom {

    /** What the numbers decide. */
    enum Purpose {
        SPLIT(0),
        EPOCH(1),
        AUGMENTATION(2);

        /** Part of the key, so that no two purposes draw the same numbers. */
        private final long word;

        Purpose(long word) {
            this.word = word;
        }
    }

    private final SplittableRandom random;

    private KeyedRandom(long seed) {
        this.random = new SplittableRandom(seed);
    }

    static KeyedRandom of(long seed, Purpose purpose, long... key) {
        long state = mix(mix(seed) + purpose.word);
        for (long word : key) {
            state = mix(state + word);
        }
        return new KeyedRandom(state);
    }

    private static long mix(long value) {
        return new SplittableRandom(value).nextLong();
    }

    boolean nextBoolean() {
        return random.nextBoolean();
    }

    /** A number between two others, both included. */
    int between(int least, int most) {
        return random.nextInt(least, most + 1);
    }

    /** The numbers from 0 to {@code size - 1} in random order. */
    int[] permutation(int size) {
        int[] order = new int[size];
        for (int i = 0; i < size; i++) {
            int other = between(0, i);
            order[i] = order[other];
            order[other] = i;
        }
        return order;
    }
}
