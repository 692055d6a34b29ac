package io.efsnas.driver.compare;

import io.efsnas.driver.flow.SearchPlan;
import io.efsnas.driver.flow.TrainingCosts;
import io.efsnas.driver.process.UserMistake;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;

/**
 * What the search of a strategy may do at a cost.
 *
 * @param decided the key that makes it so, and its value; empty if nothing is trained
 * @param steps of each supernet, or of each network that is trained by itself; 0 if nothing is trained
 * @param cost of all training, in training steps of one subnet
 * @param inARow the part of it that one device has to do after another, at the least
 */
record Allotment(Map<String, Object> decided, int steps, double cost, double inARow) {

    private static final String SUPERNET_STEPS = "training.steps";

    private static final Allotment NOTHING = new Allotment(Map.of(), 0, 0, 0);

    /**
     * Allots a cost.
     *
     * @param plan of the strategy, with any number of steps
     * @param scored how many architectures it scores, if the comparison decides that
     * @throws UserMistake if the cost is too little for it, or too much for a number of steps
     */
    static Allotment of(String strategy, SearchPlan plan, double cost, OptionalLong scored) {
        TrainingCosts costs = new TrainingCosts(plan);
        long trials = costs.trials() > 0 && scored.isPresent() ? scored.getAsLong() : costs.trials();
        if (plan.trains()) {
            double alone = (double) trials * costs.stepsOfATrial();
            int least = plan.config().training().rounds();
            int steps = steps(strategy, cost, costs.stepsAt(cost - alone), least, costs.costOf(least) + alone);
            return new Allotment(
                    Map.of(SUPERNET_STEPS, steps), steps, costs.costOf(steps) + alone, costs.inARow(steps) + alone);
        }
        if (trials > 0) {
            int steps = steps(strategy, cost, (long) (cost / trials), 1, trials);
            double all = (double) trials * steps;
            // An evolution may breed one after another.
            return new Allotment(Map.of("measures.short-training.steps", steps), steps, all, all);
        }
        return NOTHING;
    }

    /** The cost, if supernets are trained, whose rounds tell how far that has come; else 0. */
    double costInRounds() {
        return decided.containsKey(SUPERNET_STEPS) ? cost : 0;
    }

    private static int steps(String strategy, double cost, long steps, int least, double costOfLeast) {
        if (steps < least) {
            throw new UserMistake(String.format(
                    Locale.ROOT,
                    "compare.cost: %,.0f is too little for strategy %s, which needs at least %,.0f for %,d step(s) and what"
                            + " it measures",
                    cost,
                    strategy,
                    Math.ceil(costOfLeast),
                    least));
        }
        if (steps > Integer.MAX_VALUE) {
            throw new UserMistake(String.format(
                    Locale.ROOT,
                    "compare.cost: %,.0f is too much for strategy %s, which would take 2^31 steps or more",
                    cost,
                    strategy));
        }
        return (int) steps;
    }
}
