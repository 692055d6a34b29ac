package io.efsnas.split.count;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;

/**
 * Groups of neighbouring counts whose sizes are as even as the counts allow: the sum of the squared sizes is the smallest
 * possible. Only neighbours are grouped because the point of splitting is that the architectures of a subspace are alike.
 */
final class EvenGroups {

    private EvenGroups() {}

    /**
     * The groups, ascending.
     *
     * @param sizes how many architectures each count has
     * @param parts 1 to the number of counts
     */
    static List<List<Integer>> of(SortedMap<Integer, BigInteger> sizes, int parts) {
        List<Integer> counts = List.copyOf(sizes.keySet());
        BigInteger[] upTo = new BigInteger[counts.size() + 1];
        upTo[0] = BigInteger.ZERO;
        for (int i = 0; i < counts.size(); i++) {
            upTo[i + 1] = upTo[i].add(sizes.get(counts.get(i)));
        }
        // least[p][end]: the smallest sum of squares of the first `end` counts in p groups; cut: where the last begins.
        BigInteger[][] least = new BigInteger[parts + 1][counts.size() + 1];
        int[][] cut = new int[parts + 1][counts.size() + 1];
        least[0][0] = BigInteger.ZERO;
        for (int part = 1; part <= parts; part++) {
            for (int end = part; end <= counts.size(); end++) {
                for (int start = part - 1; start < end; start++) {
                    if (least[part - 1][start] == null) {
                        continue;
                    }
                    BigInteger sum = least[part - 1][start].add(
                            upTo[end].subtract(upTo[start]).pow(2));
                    if (least[part][end] == null || sum.compareTo(least[part][end]) < 0) {
                        least[part][end] = sum;
                        cut[part][end] = start;
                    }
                }
            }
        }
        List<List<Integer>> groups = new ArrayList<>();
        int end = counts.size();
        for (int part = parts; part > 0; part--) {
            groups.add(0, counts.subList(cut[part][end], end));
            end = cut[part][end];
        }
        return groups;
    }
}
