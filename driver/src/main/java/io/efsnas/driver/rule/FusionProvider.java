package io.efsnas.driver.rule;

import io.efsnas.space.SearchSpace;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/** Makes a {@link FusionRule} with what supernets have learned. */
public final class FusionProvider implements RankingRuleProvider {

    private static final String LEARNED = "learned";
    private static final String WEIGHT = "learned-weight";
    private static final String AUTO = "auto";

    @Override
    public String name() {
        return "fusion";
    }

    @Override
    public Map<String, Object> defaults() {
        return Map.of(
                LEARNED,
                Columns.ACCURACY,
                WEIGHT,
                AUTO,
                Experts.COLUMNS,
                Experts.DEFAULT_COLUMNS,
                Experts.WEIGHTS,
                Experts.DEFAULT_WEIGHTS);
    }

    @Override
    public RankingRule create(Map<String, Object> settings) {
        if (!(settings.get(LEARNED) instanceof String learned) || !Columns.LEARNED.contains(learned)) {
            throw new IllegalArgumentException(LEARNED + ": expected " + String.join(" or ", Columns.LEARNED));
        }
        return new FusionRule(Optional.of(learned), weight(settings.get(WEIGHT)), Experts.of(settings));
    }

    @Override
    public Map<String, Object> suited(Map<String, Object> settings, SearchSpace space) {
        return Experts.suited(settings, space);
    }

    private static OptionalDouble weight(Object setting) {
        if (AUTO.equals(setting)) {
            return OptionalDouble.empty();
        }
        if (setting instanceof Number number && number.doubleValue() >= 0) {
            return OptionalDouble.of(number.doubleValue());
        }
        throw new IllegalArgumentException(WEIGHT + ": expected a number of at least 0, or " + AUTO);
    }
}
