package io.efsnas.driver.compare;

import io.efsnas.driver.config.CompareConfig;
import io.efsnas.driver.config.ScoredArchitectures.Sampled;
import io.efsnas.driver.config.SearchConfig;
import io.efsnas.driver.flow.SearchPlan;
import io.efsnas.driver.flow.TrainingCosts;
import io.efsnas.driver.process.UserMistake;
import io.efsnas.driver.run.RunDirectory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;

/**
 * The searches of a comparison. The training of each costs as much as that of any other: so many steps of one subnet on one
 * batch, where what only runs a subnet forward counts as a third.
 *
 * @param cost that the training of a search may have
 * @param searches strategy by strategy, in the order of the configuration
 * @param own the search that the configuration describes without a comparison
 * @param common architectures that the searches of a seed score, if they do not score those of a table or all
 * @param truth the table that they are judged by
 */
record ComparisonPlan(
        double cost,
        List<ComparedSearch> searches,
        SearchPlan own,
        List<CommonArchitectures> common,
        Optional<TrueAccuracies> truth) {

    private static final String STEPS = "training.steps";
    private static final String SHORT_STEPS = "measures.short-training.steps";
    private static final String SEED = "seed";
    private static final String ARCHITECTURES = "scoring.architectures";

    /**
     * Makes the plan, and checks every search as far as that can be done before one has begun.
     *
     * @param run the directory of the comparison
     * @throws UserMistake naming the strategy, if one cannot be run as it is configured
     */
    static ComparisonPlan of(CompareConfig config, RunDirectory run) {
        Configuration hadoop = run.files().getConf();
        SearchPlan own = SearchPlan.load(config.own(config.seeds().get(0)), hadoop);
        Optional<TrueAccuracies> truth = config.table().map(table -> new TrueAccuracies(table, own.space(), hadoop));
        Map<Long, CommonArchitectures> common = truth.isPresent() ? Map.of() : common(config, own, run);
        double cost = config.cost().isPresent() ? config.cost().getAsLong() : new TrainingCosts(own).subnetSteps();
        List<ComparedSearch> searches = new ArrayList<>();
        for (String strategy : config.strategies()) {
            boolean ownArchitectures = config.sets(strategy, ARCHITECTURES);
            Map<String, Object> decided =
                    new HashMap<>(Map.of(SEED, config.seeds().get(0)));
            if (!ownArchitectures) {
                config.table().ifPresent(table -> decided.put(ARCHITECTURES, table));
            }
            SearchPlan any = plan(strategy, config, decided, own, hadoop);
            TrainingCosts costs = new TrainingCosts(any);
            long alone = costs.networksTrainedAlone();
            double itsCost = 0;
            double inARow = 0;
            if (any.trains()) {
                int steps = steps(strategy, any, costs, cost);
                decided.put(STEPS, steps);
                itsCost = costs.costOf(steps);
                inARow = costs.inARow(steps);
            } else if (alone > 0) {
                int steps = Math.toIntExact(Math.max(1, (long) (cost / alone)));
                decided.put(SHORT_STEPS, steps);
                itsCost = (double) alone * steps;
                inARow = itsCost; // as an evolution breeds one after another
            }
            String measured = plan(strategy, config, decided, own, hadoop).measuredNetworks();
            for (long seed : config.seeds()) {
                decided.put(SEED, seed);
                if (!ownArchitectures && common.containsKey(seed)) {
                    decided.put(ARCHITECTURES, common.get(seed).path().toString());
                }
                searches.add(new ComparedSearch(strategy, config.search(strategy, decided), itsCost, inARow, measured));
            }
        }
        return new ComparisonPlan(cost, searches, own, List.copyOf(common.values()), truth);
    }

    /** By seeds; empty if all architectures are scored, or nobody knows which before the training. */
    private static Map<Long, CommonArchitectures> common(CompareConfig config, SearchPlan any, RunDirectory run) {
        Map<Long, CommonArchitectures> common = new TreeMap<>();
        if (any.config().scoring().architectures() instanceof Sampled) {
            for (long seed : config.seeds()) {
                SearchPlan own = any.with(config.own(seed), run.files().getConf());
                own.knownToBeScored()
                        .ifPresent(architectures -> common.put(seed, CommonArchitectures.of(run, own, architectures)));
            }
        }
        return common;
    }

    private static SearchPlan plan(
            String strategy, CompareConfig config, Map<String, Object> decided, SearchPlan own, Configuration hadoop) {
        SearchConfig search = config.search(strategy, decided);
        try {
            return own.with(search, hadoop);
        } catch (UserMistake e) {
            throw new UserMistake("strategy " + strategy + ": " + e.getMessage(), e);
        }
    }

    private static int steps(String strategy, SearchPlan plan, TrainingCosts costs, double cost) {
        long steps = costs.stepsAt(cost);
        int rounds = plan.config().training().rounds();
        if (steps < rounds) {
            throw new UserMistake(String.format(
                    Locale.ROOT,
                    "compare.cost: %,.0f is too little for strategy %s: what it measures for its splits, and"
                            + " training.rounds = %d, need at least %,.0f",
                    cost,
                    strategy,
                    rounds,
                    Math.ceil(costs.costOf(rounds))));
        }
        return Math.toIntExact(steps);
    }
}
