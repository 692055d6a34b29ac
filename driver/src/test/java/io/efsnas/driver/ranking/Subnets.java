package io.efsnas.driver.ranking;

import io.efsnas.space.Architecture;
import io.efsnas.space.SearchSpace;
import io.efsnas.space.nasbench201.NasBench201Space;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** Scored subnets made up for tests. */
public final class Subnets {

    public static final SearchSpace SPACE = new NasBench201Space();

    /** No edge but the one from input to output. */
    public static final String SKIP = "|none~0|+|none~0|none~1|+|skip_connect~0|none~1|none~2|";

    public static final String POOL = "|none~0|+|none~0|none~1|+|avg_pool_3x3~0|none~1|none~2|";
    public static final String CONV_1X1 = "|none~0|+|none~0|none~1|+|nor_conv_1x1~0|none~1|none~2|";
    public static final String CONV_3X3 = "|none~0|+|none~0|none~1|+|nor_conv_3x3~0|none~1|none~2|";

    private Subnets() {}

    public static ScoredSubnet subnet(String architecture, double accuracy, double loss, long flops, long parameters) {
        return new ScoredSubnet(SPACE.parse(architecture), 0, 1, accuracy, loss, flops, parameters);
    }

    /** Subnets whose scores and costs are often the same. */
    public static Arbitrary<ScoredSubnet> subnets() {
        return Combinators.combine(
                        Arbitraries.integers().between(0, 4).list().ofSize(6).map(Architecture::new),
                        Arbitraries.of(0.25, 0.5, 0.75),
                        Arbitraries.of(0.5, 1.0, Double.NaN),
                        Arbitraries.longs().between(1, 3),
                        Arbitraries.longs().between(1, 3))
                .as((architecture, accuracy, loss, flops, parameters) ->
                        new ScoredSubnet(architecture, 2, 1, accuracy, loss, flops, parameters));
    }
}
