package io.efsnas.driver.rule;

import io.efsnas.space.SearchSpace;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/** Makes a {@link FusionRule} of what needs no training. */
public final class TrainingFreeProvider implements RankingRuleProvider {

    @Override
    public String name() {
        return "training-free";
    }

    @Override
    public Map<String, Object> defaults() {
        return Map.of(Experts.COLUMNS, Experts.DEFAULT_COLUMNS, Experts.WEIGHTS, Experts.DEFAULT_WEIGHTS);
    }

    @Override
    public RankingRule create(Map<String, Object> settings) {
        return new FusionRule(Optional.empty(), OptionalDouble.empty(), Experts.of(settings));
    }

    @Override
    public Map<String, Object> suited(Map<String, Object> settings, SearchSpace space) {
        return Experts.suited(settings, space);
    }
}
