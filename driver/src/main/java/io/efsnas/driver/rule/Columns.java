package io.efsnas.driver.rule;

import java.util.List;

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

    /** What trained supernets say of a subnet. */
    public static final List<String> LEARNED = List.of(ACCURACY, LOSS);

    private Columns() {}

    /** Whether a lower value is the better one. */
    public static boolean descends(String column) {
        return column.equals(LOSS);
    }
}
