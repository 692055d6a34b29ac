package io.efsnas.data;

import java.util.random.RandomGenerator;

/** Random orders. */
public final class Permutation {

    private Permutation() {}

    /** The numbers from 0 to {@code size - 1} in random order. */
    public static int[] of(int size, RandomGenerator random) {
        int[] order = new int[size];
        for (int i = 0; i < size; i++) {
            int other = random.nextInt(i + 1);
            order[i] = order[other];
            order[other] = i;
        }
        return order;
    }
}
