package io.efsnas.driver.selection;

import io.efsnas.driver.ranking.Subnets;
import io.efsnas.driver.rule.MeasuredSubnet;
import io.efsnas.network.Cost;
import io.efsnas.space.Architecture;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.Function;

/** Scores without a supernet: the more choices are the last but one of their position, the better. */
final class SyntheticScores implements Function<List<Architecture>, List<MeasuredSubnet>> {

    private final List<Integer> best;

    /** Every architecture that was asked for, as often as it was. */
    final List<Architecture> asked = new ArrayList<>();

    /** The number of architectures asked for at a time. */
    final List<Integer> sizes = new ArrayList<>();

    /**
     * @param choices at each position of the space
     */
    SyntheticScores(List<Integer> choices) {
        best = choices.stream().map(number -> number - 2).toList();
    }

    /** The best is 1. */
    double accuracy(Architecture architecture) {
        double hits = 0;
        for (int position = 0; position < best.size(); position++) {
            hits += architecture.choice(position) == best.get(position) ? 1 : 0;
        }
        return hits / best.size();
    }

    /** A cost for any space: the sum of the choices. */
    static Cost cost(Architecture architecture) {
        int sum = architecture.choices().stream().mapToInt(Integer::intValue).sum();
        return new Cost(sum, sum);
    }

    /** In another order than asked for, as executors may report. */
    @Override
    public List<MeasuredSubnet> apply(List<Architecture> architectures) {
        asked.addAll(architectures);
        sizes.add(architectures.size());
        List<Architecture> shuffled = new ArrayList<>(architectures);
        Collections.shuffle(shuffled, new Random(asked.size()));
        return shuffled.stream().map(this::score).toList();
    }

    private MeasuredSubnet score(Architecture architecture) {
        Cost cost = cost(architecture);
        return Subnets.subnet(architecture, "0", 1, accuracy(architecture), 1, cost.flops(), cost.parameters())
                .measured();
    }
}
