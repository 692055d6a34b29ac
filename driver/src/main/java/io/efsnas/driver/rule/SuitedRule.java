package io.efsnas.driver.rule;

import java.util.List;

/**
 * A rule without the columns that no architecture of a space can be measured by.
 *
 * @param rule the rule that is left
 * @param leftOut these columns, at least one
 */
public record SuitedRule(RankingRule rule, List<String> leftOut) implements RankingRule {

    public SuitedRule {
        leftOut = List.copyOf(leftOut);
    }

    @Override
    public List<String> columns() {
        return rule.columns();
    }

    @Override
    public Scores score(List<MeasuredSubnet> subnets) {
        Scores scores = rule.score(subnets);
        return new Scores(
                scores.values(),
                scores.shares(),
                scores.sentence() + "; without " + String.join(", ", leftOut)
                        + ", which networks of this space cannot be measured by");
    }
}
