package io.efsnas.training.scheme;

import io.efsnas.network.Cost;
import io.efsnas.network.ModelSize;
import io.efsnas.space.Architecture;
import io.efsnas.space.SearchSpace;
import io.efsnas.split.Subspace;
import io.efsnas.split.SupernetNode;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The connected architectures of a subspace with the fewest and the most parameters, at the size of its supernet. Among
 * equals FLOPs decide, then the order of architectures.
 *
 * <p>No space is enumerated. A hundred architectures are drawn, always the same ones; from the best of them single choices
 * are changed to the best that the subspace has, as long as that helps. Where the choices of a subspace can be combined at
 * will and each has a cost of its own the result is exact; elsewhere no change of a single choice improves it.
 *
 * @param leastParameters of the smallest
 * @param mostParameters of the largest
 */
record CostRange(Architecture smallest, Architecture largest, long leastParameters, long mostParameters) {

    private static final int DRAWN = 100;

    /** An architecture with its cost. */
    private record Priced(Architecture architecture, Cost cost) {}

    private static final Comparator<Priced> BY_COST = Comparator.<Priced>comparingLong(
                    one -> one.cost().parameters())
            .thenComparingLong(one -> one.cost().flops())
            .thenComparing(Priced::architecture);

    /** Those of the subspace of a supernet. */
    static CostRange of(SupernetNode node) {
        return of(node.subspace(), node.size());
    }

    static CostRange of(Subspace subspace, ModelSize size) {
        SplittableRandom random = new SplittableRandom(0);
        List<Priced> drawn = Stream.generate(() -> subspace.sample(random))
                .limit(DRAWN)
                .distinct()
                .map(one -> priced(subspace.space(), one, size))
                .toList();
        Priced smallest = best(drawn, subspace, size, BY_COST.reversed());
        Priced largest = best(drawn, subspace, size, BY_COST);
        return new CostRange(
                smallest.architecture(),
                largest.architecture(),
                smallest.cost().parameters(),
                largest.cost().parameters());
    }

    private static Priced priced(SearchSpace space, Architecture architecture, ModelSize size) {
        return new Priced(architecture, space.cost(architecture, size));
    }

    private static Priced best(List<Priced> drawn, Subspace subspace, ModelSize size, Comparator<Priced> order) {
        Priced best = drawn.stream().max(order).orElseThrow();
        while (true) {
            Priced changed = neighbours(best.architecture(), subspace)
                    .map(one -> priced(subspace.space(), one, size))
                    .max(order)
                    .orElse(best);
            if (order.compare(changed, best) <= 0) {
                return best;
            }
            best = changed;
        }
    }

    /** The connected architectures of a subspace that differ from one in a single choice. */
    private static Stream<Architecture> neighbours(Architecture of, Subspace subspace) {
        SearchSpace space = subspace.space();
        return IntStream.range(0, space.choices().size())
                .boxed()
                .flatMap(position -> IntStream.range(0, space.choices().get(position))
                        .filter(choice -> choice != of.choice(position))
                        .mapToObj(choice -> of.with(position, choice)))
                .filter(one -> subspace.contains(one) && space.connected(one));
    }
}
