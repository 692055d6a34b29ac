package io.efsnas.split.cut;

import java.util.ArrayList;
import java.util.List;

/**
 * The cut of some things into two groups of equal size, the first one smaller by one if their number is odd, that leaves
 * the least distance within the groups.
 *
 * @param first indices of the first group, ascending
 * @param second those of the second group, ascending
 * @param across the sum of the distances between things of different groups, the largest possible
 * @param within that of the distances between things of the same group, the least possible
 */
public record BalancedCut(List<Integer> first, List<Integer> second, double across, double within) {

    /** More things have too many cuts to try each of them. */
    static final int MOST = 20;

    public BalancedCut {
        first = List.copyOf(first);
        second = List.copyOf(second);
    }

    /**
     * Finds it by trying every cut; among equal ones it takes the first in a fixed order.
     *
     * @param distances symmetric, of at least 2 and at most {@link #MOST} things
     */
    static BalancedCut of(double[][] distances) {
        int things = distances.length;
        if (things < 2 || things > MOST) {
            throw new IllegalArgumentException("cannot cut " + things + " choices; expected 2 to " + MOST);
        }
        int best = 0;
        double most = Double.NEGATIVE_INFINITY;
        for (int group = 0; group < 1 << things; group++) {
            if (Integer.bitCount(group) == things / 2) {
                double across = across(distances, group);
                if (across > most) {
                    most = across;
                    best = group;
                }
            }
        }
        List<Integer> first = new ArrayList<>();
        List<Integer> second = new ArrayList<>();
        for (int thing = 0; thing < things; thing++) {
            (isIn(best, thing) ? first : second).add(thing);
        }
        return new BalancedCut(first, second, most, within(distances, first) + within(distances, second));
    }

    private static double within(double[][] distances, List<Integer> group) {
        double sum = 0;
        for (int a : group) {
            for (int b : group) {
                sum += a < b ? distances[a][b] : 0;
            }
        }
        return sum;
    }

    /** How many pairs of things are in the same group. */
    public int pairsWithin() {
        return pairs(first) + pairs(second);
    }

    private static int pairs(List<Integer> group) {
        return group.size() * (group.size() - 1) / 2;
    }

    /**
     * @param group a group as bits, one set for each thing in it
     */
    private static double across(double[][] distances, int group) {
        double sum = 0;
        for (int a = 0; a < distances.length; a++) {
            for (int b = 0; b < a; b++) {
                if (isIn(group, a) != isIn(group, b)) {
                    sum += distances[a][b];
                }
            }
        }
        return sum;
    }

    private static boolean isIn(int group, int thing) {
        return (group >> thing & 1) == 1;
    }
}
