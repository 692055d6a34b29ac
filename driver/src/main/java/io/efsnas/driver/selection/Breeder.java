package io.efsnas.driver.selection;

import io.efsnas.space.Architecture;
import java.util.List;
import java.util.Map;

/** Who has children in an evolution, and how these differ from their parents. */
interface Breeder {

    /** How many generations there are at most. */
    int generations();

    /** How many architectures all generations have together at most. */
    long budget();

    /**
     * The candidates of a generation, which are decided by the seed and the arguments alone. They are fewer than planned if
     * many draws in a row find no more.
     *
     * @param generation from 1, which is random
     * @param scored architectures that are no candidates any more, in the order of the generations
     * @param ranked the same, the best first
     */
    Map<Architecture, Origin> candidates(int generation, List<Architecture> scored, List<Architecture> ranked);
}
