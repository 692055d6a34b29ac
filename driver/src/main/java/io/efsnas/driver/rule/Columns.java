package io.efsnas.driver.rule;

import io.efsnas.measure.cost.Latency;
import io.efsnas.space.Counted;
import io.efsnas.space.SearchSpace;
import java.util.List;
import java.util.stream.Stream;

/** The names of the columns that every table of measured subnets has if its search knows them; the others are measures'. */
public final class Columns {

    /** Share of the held-out images that a subnet classifies correctly with its supernet's weights, 0 to 1. */
    public static final String ACCURACY = "accuracy";

    /** Mean cross-entropy of the same, in nats; no finite value if the supernet diverged. */
    public static final String LOSS = "loss";

    /** The number of nonlinear functions, in spaces that count them. */
    public static final String NONLINEARITIES = "nonlinearities";

    /** Multiply-adds of the final network for one image. */
    public static final String FLOPS = "flops";

    /** Learned values of the final network. */
    public static final String PARAMETERS = "parameters";

    /** Multiply-adds of those operations of the final network that reach its output. */
    public static final String LIVE_FLOPS = "live-flops";

    /** Learned values of those operations of the final network that reach its output. */
    public static final String LIVE_PARAMETERS = "live-parameters";

    /** Microseconds that the final network takes for a batch; a measure, which does not repeat to the bit. */
    public static final String LATENCY = Latency.LATENCY;

    /** What a final network costs that its architecture alone tells. */
    public static final List<String> COSTS = List.of(FLOPS, PARAMETERS, LIVE_FLOPS, LIVE_PARAMETERS);

    /** What can be limited. */
    public static final List<String> LIMITED = List.of(FLOPS, PARAMETERS, LIVE_FLOPS, LIVE_PARAMETERS, LATENCY);

    /** What trained supernets say of a subnet. */
    public static final List<String> LEARNED = List.of(ACCURACY, LOSS);

    private Columns() {}

    /** What is known of every architecture of a space: costs and, if the space counts them, nonlinear functions. */
    public static List<String> known(SearchSpace space) {
        return space instanceof Counted
                ? Stream.concat(Stream.of(NONLINEARITIES), COSTS.stream()).toList()
                : COSTS;
    }

    /** Whether a lower value is the better one. */
    public static boolean descends(String column) {
        return column.equals(LOSS);
    }
}
