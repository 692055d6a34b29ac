package io.efsnas.driver.ranking;

import io.efsnas.driver.rule.Columns;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The subnets than which no other one is at least as accurate, with no more FLOPs and no more parameters, and better in one
 * of these. Where supernets were not trained, the score stands for the accuracy.
 */
final class ParetoFront {

    private static final int VALUES = 3;

    private ParetoFront() {}

    /** The front of some subnets; of those that are equal in all three, all. */
    static List<RankedSubnet> of(List<RankedSubnet> subnets) {
        // Sorted so, what dominates a subnet comes before it; and what a dominated one dominates, a front's one does,
        // too.
        List<RankedSubnet> sorted = subnets.stream()
                .sorted(Comparator.comparingDouble((RankedSubnet subnet) -> loss(subnet, 0))
                        .thenComparingDouble(subnet -> loss(subnet, 1))
                        .thenComparingDouble(subnet -> loss(subnet, 2)))
                .toList();
        List<RankedSubnet> front = new ArrayList<>();
        for (RankedSubnet subnet : sorted) {
            if (front.stream().noneMatch(other -> dominates(other, subnet))) {
                front.add(subnet);
            }
        }
        return front;
    }

    static boolean dominates(RankedSubnet subnet, RankedSubnet other) {
        boolean better = false;
        for (int value = 0; value < VALUES; value++) {
            if (loss(subnet, value) > loss(other, value)) {
                return false;
            }
            better |= loss(subnet, value) < loss(other, value);
        }
        return better;
    }

    /** What is to be small. */
    private static double loss(RankedSubnet subnet, int value) {
        return switch (value) {
            case 0 -> -(subnet.has(Columns.ACCURACY) ? subnet.value(Columns.ACCURACY) : subnet.score());
            case 1 -> subnet.value(Columns.FLOPS);
            default -> subnet.value(Columns.PARAMETERS);
        };
    }
}
