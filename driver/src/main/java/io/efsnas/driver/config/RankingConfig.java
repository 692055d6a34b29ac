package io.efsnas.driver.config;

import io.efsnas.driver.rule.Columns;
import io.efsnas.driver.rule.RankingRule;
import io.efsnas.driver.rule.RankingRuleProvider;
import io.efsnas.driver.rule.SuitedRule;
import io.efsnas.measure.Measure;
import io.efsnas.measure.Measures;
import io.efsnas.space.SearchSpace;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How subnets are ranked, and what the selected architecture may cost as the final network.
 *
 * @param ruleName the name of the ranking rule
 * @param settings the rule's settings by its own keys, as they are given
 * @param suited those that count in the space, without columns that it cannot have
 * @param measures further columns, which nothing is ranked by
 * @param limits the most that each of {@link Columns#COSTS} may be; a cost without an entry has no limit
 */
public record RankingConfig(
        String ruleName,
        Map<String, Object> settings,
        Map<String, Object> suited,
        List<String> measures,
        SortedMap<String, Long> limits) {

    /** The section of the settings of ranking rules, each in a section of its name. */
    static final String RULES = "rules";

    private static final String RULE = "rule";
    private static final String MEASURES = "measures";
    private static final String LIMITS = "limits";
    private static final String NONE = "none";

    public RankingConfig {
        settings = Map.copyOf(settings);
        suited = Map.copyOf(suited);
        measures = List.copyOf(measures);
        limits = Collections.unmodifiableSortedMap(new TreeMap<>(limits));
    }

    static RankingConfig read(Section root, SearchSpace space) {
        Section section = root.section("ranking");
        String rule = section.oneOf(RULE, RankingRuleProvider.names());
        RankingRuleProvider provider = RankingRuleProvider.named(rule);
        Section its = root.section(RULES).section(rule);
        Map<String, Object> settings = its.settings(provider);
        RankingConfig config = new RankingConfig(
                rule,
                settings,
                provider.suited(settings, space),
                section.texts(MEASURES),
                limits(section.section(LIMITS)));
        its.checking(() -> Measures.of(withoutLearned(config.rule().columns())));
        try {
            Measures.of(withoutLearned(config.measures()));
        } catch (IllegalArgumentException e) {
            throw section.refuse(MEASURES, e.getMessage());
        }
        return config;
    }

    private static SortedMap<String, Long> limits(Section section) {
        SortedMap<String, Long> limits = new TreeMap<>();
        for (String cost : Columns.LIMITED) {
            section.longAtLeastOr(cost, 1, NONE).ifPresent(most -> limits.put(cost, most));
        }
        return limits;
    }

    /** The columns of measures alone. */
    private static List<String> withoutLearned(List<String> columns) {
        return columns.stream()
                .filter(column -> !Columns.LEARNED.contains(column))
                .toList();
    }

    Map<String, Object> toMap() {
        return Map.of(
                RULE,
                ruleName,
                MEASURES,
                measures,
                LIMITS,
                Columns.LIMITED.stream()
                        .collect(Collectors.toMap(
                                Function.identity(),
                                cost -> limits.containsKey(cost) ? (Object) limits.get(cost) : NONE)));
    }

    /** The sections of rules: that of the one that ranks. */
    Map<String, Object> rulesToMap() {
        return Map.of(ruleName, settings);
    }

    /** What ranks. */
    public RankingRule rule() {
        RankingRuleProvider provider = RankingRuleProvider.named(ruleName);
        RankingRule rule = provider.create(suited);
        List<String> leftOut = provider.create(settings).columns().stream()
                .filter(column -> !rule.columns().contains(column))
                .toList();
        return leftOut.isEmpty() ? rule : new SuitedRule(rule, leftOut);
    }

    /** The measures that columns come from, with their defaults. */
    List<Measure> used() {
        return Measures.of(withoutLearned(columns())).measures();
    }

    /** The columns that have to be measured: those of the rule, those with a limit, and further ones. */
    public List<String> columns() {
        return Stream.of(rule().columns(), limits.keySet(), measures)
                .flatMap(Collection::stream)
                .distinct()
                .toList();
    }
}
