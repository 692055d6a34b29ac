package io.efsnas.driver.compare;

import io.efsnas.driver.config.CompareConfig;
import io.efsnas.driver.config.ScoredArchitectures.Sampled;
import io.efsnas.driver.config.SearchConfig;
import io.efsnas.driver.config.SelectionConfig;
import io.efsnas.driver.flow.SearchPlan;
import io.efsnas.driver.flow.TrainingCosts;
import io.efsnas.driver.process.UserMistake;
import io.efsnas.driver.run.RunDirectory;
import io.efsnas.training.SchemeSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
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
        double cost = config.cost().isPresent() ? config.cost().getAsLong() : ownCost(own);
        List<ComparedSearch> searches = new ArrayList<>();
        for (String strategy : config.strategies()) {
            Map<String, Object> decided =
                    new HashMap<>(Map.of(SEED, config.seeds().get(0)));
            SearchPlan any = plan(strategy, config, decided, own, hadoop);
            requireAllSteps(strategy, any);
            boolean toldWhatToScore = any.config().selection().strategy() == SelectionConfig.Strategy.RANKING
                    && !config.sets(strategy, ARCHITECTURES);
            // A search that keeps a supernet for a part of the space would find next to nothing of it in a sample.
            boolean scoresCommon =
                    toldWhatToScore && any.config().space().splitter().choice().isEmpty();
            if (toldWhatToScore && config.table().isPresent()) {
                decided.put(ARCHITECTURES, config.table().get());
                any = plan(strategy, config, decided, own, hadoop);
            }
            Allotment allotment = Allotment.of(
                    strategy,
                    any,
                    cost,
                    common.values().stream()
                            .filter(all -> scoresCommon)
                            .mapToLong(all -> all.architectures().size())
                            .max());
            decided.putAll(allotment.decided());
            String measured = plan(strategy, config, decided, own, hadoop).measuredNetworks();
            for (long seed : config.seeds()) {
                decided.put(SEED, seed);
                if (scoresCommon && common.containsKey(seed)) {
                    decided.put(ARCHITECTURES, common.get(seed).path().toString());
                }
                searches.add(new ComparedSearch(strategy, config.search(strategy, decided), allotment, measured));
            }
        }
        return new ComparisonPlan(cost, searches, own, List.copyOf(common.values()), truth);
    }

    /** A search that ends early costs less than the others. */
    private static void requireAllSteps(String strategy, SearchPlan plan) {
        SchemeSpec scheme = plan.config().training().scheme();
        if (plan.trains() && scheme.create().mayEndEarly()) {
            throw new UserMistake(
                    "strategy " + strategy + ": training.scheme: " + scheme.name()
                            + " is not accepted; it is set to end training early, and the searches of a comparison all cost the same");
        }
    }

    private static double ownCost(SearchPlan own) {
        double cost = new TrainingCosts(own).subnetSteps();
        if (cost == 0) {
            throw new UserMistake(
                    "compare.cost: auto is not accepted; expected a number, since the configuration by itself"
                            + " trains nothing");
        }
        return cost;
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
}
