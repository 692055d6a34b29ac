package io.efsnas.driver.ranking;

import io.efsnas.driver.rule.Columns;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;

/**
 * The subnets than which no other one is at least as accurate, with no more FLOPs, no more parameters and no more
 * latency where that was measured, and better in one of these. Where supernets were not trained, the score stands for the accuracy.
 */
final class ParetoFront {

    private static final List<String> COSTS = List.of(Columns.FLOPS, Columns.PARAMETERS, Columns.LATENCY);

    private ParetoFront() {}

    /** The front of some subnets; of those that are equal in all, all. */
    static List<RankedSubnet> of(List<RankedSubnet> subnets) {
        // Sorted so, what dominates a subnet comes before it; and what a dominated one dominates, a front's one does,
        // too.
        List<RankedSubnet> sorted = subnets.stream()
                .sorted((one, other) -> Arrays.compare(losses(one), losses(other)))
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
        double[] losses = losses(subnet);
        double[] others = losses(other);
        boolean better = false;
        for (int value = 0; value < losses.length; value++) {
            if (losses[value] > others[value]) {
                return false;
            }
            better |= losses[value] < others[value];
        }
        return better;
    }

    /** What is to be small; a latency that could not be measured is not. */
    private static double[] losses(RankedSubnet subnet) {
        return DoubleStream.concat(
                        DoubleStream.of(
                                -(subnet.has(Columns.ACCURACY) ? subnet.value(Columns.ACCURACY) : subnet.score())),
                        COSTS.stream()
                                .filter(subnet::has)
                                .mapToDouble(subnet::value)
                                .map(cost -> Double.isNaN(cost) ? Double.POSITIVE_INFINITY : cost))
                .toArray();
    }
}
