package io.efsnas.driver.compare;

import io.efsnas.driver.config.CompareConfig;
import io.efsnas.driver.config.SearchConfig;
import io.efsnas.driver.flow.SearchPlan;
import io.efsnas.driver.flow.TrainingCosts;
import io.efsnas.driver.process.UserMistake;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;

/**
 * The searches of a comparison. The training of each costs as much as that of any other: so many steps of one subnet on one
 * batch, where what only runs a subnet forward counts as a third.
 *
 * @param cost that the training of a search may have
 * @param searches strategy by strategy, in the order of the configuration
 * @param own the search that the configuration describes without a comparison
 * @param truth the table that they are judged by
 */
record ComparisonPlan(double cost, List<ComparedSearch> searches, SearchPlan own, Optional<TrueAccuracies> truth) {

    private static final String STEPS = "training.steps";
    private static final String SEED = "seed";
    private static final String ARCHITECTURES = "scoring.architectures";

    /**
     * Makes the plan, and checks every search as far as that can be done before one has begun.
     *
     * @throws UserMistake naming the strategy, if one cannot be run as it is configured
     */
    static ComparisonPlan of(CompareConfig config, Configuration hadoop) {
        SearchPlan own = SearchPlan.load(config.own(), hadoop);
        Optional<TrueAccuracies> truth = config.table().map(table -> new TrueAccuracies(table, own.space(), hadoop));
        double cost = config.steps().isPresent() ? config.steps().getAsLong() : new TrainingCosts(own).subnetSteps();
        List<ComparedSearch> searches = new ArrayList<>();
        for (String strategy : config.strategies()) {
            Map<String, Object> decided = new HashMap<>();
            config.table()
                    .filter(table -> !config.sets(strategy, ARCHITECTURES))
                    .ifPresent(table -> decided.put(ARCHITECTURES, table));
            decided.put(SEED, config.seeds().get(0));
            SearchPlan first = load(strategy, config.search(strategy, decided), hadoop);
            if (first.trains()) {
                decided.put(STEPS, steps(strategy, first, cost));
            }
            TrainingCosts costs = new TrainingCosts(load(strategy, config.search(strategy, decided), hadoop));
            for (long seed : config.seeds()) {
                decided.put(SEED, seed);
                searches.add(new ComparedSearch(
                        strategy,
                        config.search(strategy, decided),
                        first.trains() ? costs.subnetSteps() : 0,
                        first.trains() ? costs.stepsInARow() : 0,
                        first.measuredUntrained()));
            }
        }
        return new ComparisonPlan(cost, searches, own, truth);
    }

    private static SearchPlan load(String strategy, SearchConfig config, Configuration hadoop) {
        try {
            return SearchPlan.load(config, hadoop);
        } catch (UserMistake e) {
            throw new UserMistake("strategy " + strategy + ": " + e.getMessage(), e);
        }
    }

    private static int steps(String strategy, SearchPlan plan, double cost) {
        long steps = new TrainingCosts(plan).stepsAt(cost);
        if (steps < plan.config().training().rounds()) {
            throw new UserMistake(String.format(
                    "compare.steps: %,.0f is too little for strategy %s: what it measures for its splits and"
                            + " training.rounds = %d leave each supernet %,d steps",
                    cost, strategy, plan.config().training().rounds(), Math.max(0, steps)));
        }
        return Math.toIntExact(steps);
    }
}
