package io.efsnas.driver.statistics;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Kendall's tau-b of samples of the same pairs of scores, drawn with repetition. The pairs are sorted once; a sample is then
 * counted in O(n log n), without sorting it, by a Fenwick tree over the second scores.
 */
final class SampledTau {

    /** The pairs in ascending order of their first scores. */
    private final int[] order;

    private final int[] firstRanks;
    private final int[] secondRanks;
    private final int highestRank;

    /** Of pairs, the i-th of each array being the i-th pair's. */
    SampledTau(double[] first, double[] second) {
        firstRanks = ranks(first);
        secondRanks = ranks(second);
        highestRank = Arrays.stream(secondRanks).max().orElse(0);
        order = IntStream.range(0, first.length)
                .boxed()
                .sorted(Comparator.comparingInt(i -> firstRanks[i]))
                .mapToInt(Integer::intValue)
                .toArray();
    }

    /** Ranks from 1 on, without gaps; equal values have the same one. */
    private static int[] ranks(double[] values) {
        double[] distinct = Arrays.stream(values).distinct().sorted().toArray();
        return Arrays.stream(values)
                .mapToInt(value -> Arrays.binarySearch(distinct, value) + 1)
                .toArray();
    }

    /**
     * The tau-b of a sample; not a number where one of the scores is the same for all of it.
     *
     * @param times how often each pair is in the sample
     */
    double of(int[] times) {
        int[] tree = new int[highestRank + 1];
        int[] timesOfSecond = new int[highestRank + 1];
        long size = 0;
        long concordantLessDiscordant = 0;
        long tiedInFirst = 0;
        int to = 0;
        for (int from = 0; from < order.length; from = to) {
            long drawn = 0;
            for (to = from; to < order.length && firstRanks[order[to]] == firstRanks[order[from]]; to++) {
                int rank = secondRanks[order[to]];
                int lower = sum(tree, rank - 1);
                long higher = size - lower - timesOfSecond[rank];
                concordantLessDiscordant += times[order[to]] * (lower - higher);
                drawn += times[order[to]];
            }
            for (int i = from; i < to; i++) {
                add(tree, secondRanks[order[i]], times[order[i]]);
                timesOfSecond[secondRanks[order[i]]] += times[order[i]];
            }
            size += drawn;
            tiedInFirst += pairs(drawn);
        }
        long tiedInSecond =
                Arrays.stream(timesOfSecond).mapToLong(SampledTau::pairs).sum();
        return concordantLessDiscordant
                / Math.sqrt((double) (pairs(size) - tiedInFirst) * (pairs(size) - tiedInSecond));
    }

    private static long pairs(long many) {
        return many * (many - 1) / 2;
    }

    private static int sum(int[] tree, int rank) {
        int sum = 0;
        for (int i = rank; i > 0; i &= i - 1) {
            sum += tree[i];
        }
        return sum;
    }

    private static void add(int[] tree, int rank, int times) {
        for (int i = rank; i < tree.length; i += i & -i) {
            tree[i] += times;
        }
    }
}
