package io.efsnas.driver.ranking;

import io.efsnas.driver.rule.Columns;
import io.efsnas.driver.rule.MeasuredSubnet;
import io.efsnas.space.Architecture;
import io.efsnas.space.SearchSpace;
import io.efsnas.space.nasbench201.NasBench201Space;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** Ranked subnets made up for tests. */
public final class Subnets {

    public static final SearchSpace SPACE = new NasBench201Space();

    /** No edge but the one from input to output. */
    public static final String SKIP = "|none~0|+|none~0|none~1|+|skip_connect~0|none~1|none~2|";

    public static final String POOL = "|none~0|+|none~0|none~1|+|avg_pool_3x3~0|none~1|none~2|";
    public static final String CONV_1X1 = "|none~0|+|none~0|none~1|+|nor_conv_1x1~0|none~1|none~2|";
    public static final String CONV_3X3 = "|none~0|+|none~0|none~1|+|nor_conv_3x3~0|none~1|none~2|";

    public static final List<String> COLUMNS =
            List.of(Columns.ACCURACY, Columns.LOSS, Columns.NONLINEARITIES, Columns.FLOPS, Columns.PARAMETERS);

    private Subnets() {}

    /** A subnet of supernet 0 that is ranked by its accuracy. */
    public static RankedSubnet subnet(String architecture, double accuracy, double loss, long flops, long parameters) {
        return subnet(SPACE.parse(architecture), "0", 1, accuracy, loss, flops, parameters);
    }

    /** One that is ranked by its accuracy. */
    public static RankedSubnet subnet(
            Architecture architecture,
            String node,
            int nonlinearities,
            double accuracy,
            double loss,
            long flops,
            long parameters) {
        MeasuredSubnet measured = new MeasuredSubnet(
                architecture, node, COLUMNS, List.of(accuracy, loss, (double) nonlinearities, (double) flops, (double)
                        parameters));
        return new RankedSubnet(measured, accuracy);
    }

    /** The same subnet, ranked by another score. */
    public static RankedSubnet scored(RankedSubnet subnet, double score) {
        return new RankedSubnet(subnet.measured(), score);
    }

    /** A ranking of subnets by their scores, of which nothing else is said. */
    public static Ranking ranking(List<RankedSubnet> subnets) {
        return new Ranking(SPACE, subnets, Map.of(), "by a test");
    }

    /** Subnets whose scores and costs are often the same. */
    public static Arbitrary<RankedSubnet> subnets() {
        return Combinators.combine(
                        Arbitraries.integers().between(0, 4).list().ofSize(6).map(Architecture::new),
                        Arbitraries.of(0.25, 0.5, 0.75),
                        Arbitraries.of(0.5, 1.0, Double.NaN),
                        Arbitraries.longs().between(1, 3),
                        Arbitraries.longs().between(1, 3))
                .as((architecture, accuracy, loss, flops, parameters) ->
                        subnet(architecture, "2", 1, accuracy, loss, flops, parameters));
    }
}
