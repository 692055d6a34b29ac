package io.efsnas.driver.config;

import io.efsnas.driver.rule.Columns;
import io.efsnas.driver.rule.RankingRule;
import io.efsnas.driver.rule.RankingRuleProvider;
import io.efsnas.measure.Measure;
import io.efsnas.measure.Measures;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * How subnets are ranked, and what the selected architecture may cost as the final network.
 *
 * @param ruleName of what ranks
 * @param settings of the rule, by its own keys
 * @param measures further columns, which nothing is ranked by
 * @param maxFlops multiply-adds for one image; empty for no limit
 * @param maxParameters learned values; empty for no limit
 */
public record RankingConfig(
        String ruleName,
        Map<String, Object> settings,
        List<String> measures,
        OptionalLong maxFlops,
        OptionalLong maxParameters) {

    /** The section of the settings of ranking rules, each in a section of its name. */
    static final String RULES = "rules";

    private static final String RULE = "rule";
    private static final String MEASURES = "measures";

    public RankingConfig {
        settings = Map.copyOf(settings);
        measures = List.copyOf(measures);
    }

    static RankingConfig read(Section root) {
        Section section = root.section("ranking");
        Section limits = section.section("limits");
        String rule = section.oneOf(RULE, RankingRuleProvider.names());
        Section its = root.section(RULES).section(rule);
        RankingConfig config = new RankingConfig(
                rule,
                its.settings(RankingRuleProvider.named(rule)),
                section.texts(MEASURES),
                limits.longAtLeastOr("flops", 1, "none"),
                limits.longAtLeastOr("parameters", 1, "none"));
        its.checking(() -> Measures.of(withoutLearned(config.rule().columns())));
        try {
            Measures.of(withoutLearned(config.measures()));
        } catch (IllegalArgumentException e) {
            throw section.refuse(MEASURES, e.getMessage());
        }
        return config;
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
                "limits",
                Map.of(
                        "flops", Section.orWord(maxFlops, "none"),
                        "parameters", Section.orWord(maxParameters, "none")));
    }

    /** The sections of rules: that of the one that ranks. */
    Map<String, Object> rulesToMap() {
        return Map.of(ruleName, settings);
    }

    /** What ranks. */
    public RankingRule rule() {
        return RankingRuleProvider.named(ruleName).create(settings);
    }

    /** The measures that columns come from, with their defaults. */
    List<Measure> used() {
        return Measures.of(withoutLearned(columns())).measures();
    }

    /** The columns that have to be measured: those of the rule, and further ones. */
    public List<String> columns() {
        return Stream.concat(rule().columns().stream(), measures.stream())
                .distinct()
                .toList();
    }
}
