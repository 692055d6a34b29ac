package io.efsnas.space;

import java.util.SplittableRandom;

/**
 * Random numbers that depend on what they are for, never on when or where they are drawn: a key such as (seed, supernet,
 * step) always gives the same sequence, which is what lets a killed run go on as if nothing had happened.
 */
public final class KeyedRandom {

    private KeyedRandom() {}

    /** A generator for a key; keys that differ in any part, or in length, give unrelated sequences. */
    public static SplittableRandom of(long... key) {
        long state = key.length;
        for (long part : key) {
            state = mix(state + 0x9E3779B97F4A7C15L + part);
        }
        return new SplittableRandom(state);
    }

    /** The finalizer of MurmurHash3 with Stafford's constants (mix 13): every input bit reaches every output bit. */
    private static long mix(long z) {
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
