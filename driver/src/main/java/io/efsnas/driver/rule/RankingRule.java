package io.efsnas.driver.rule;

import java.util.List;

/**
 * How columns of measured subnets become a score. Implementations are found through {@link RankingRuleProvider}, so that a
 * further rule is a further jar.
 */
public interface RankingRule {

    /**
     * The columns that it reads: names of {@link io.efsnas.measure.Measure measures}, or {@link Columns#LEARNED}. Supernets
     * are trained only if one of the columns needs it.
     */
    List<String> columns();

    /**
     * The scores of some subnets, which depend on nothing else.
     *
     * @param subnets at least one, each with these columns
     */
    Scores score(List<MeasuredSubnet> subnets);
}
