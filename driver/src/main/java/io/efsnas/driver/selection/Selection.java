package io.efsnas.driver.selection;

import io.efsnas.driver.process.UserMistake;
import io.efsnas.driver.ranking.RankedSubnet;
import io.efsnas.driver.ranking.Ranking;
import io.efsnas.driver.rule.Columns;
import io.efsnas.driver.run.SelectionRecord;
import io.efsnas.driver.statistics.Proportion;
import io.efsnas.space.SearchSpace;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.commons.math3.stat.interval.ConfidenceInterval;

/**
 * The architecture that a search ends with, the highest ranked that meets the limits, and why it is this one.
 *
 * @param subnet the one selected
 * @param rank its rank over all subspaces, from 1
 * @param ranked how many subnets were ranked
 * @param images the number of images that scored every one of them
 * @param over how many that are ranked higher exceed each limit, by the column of its cost
 * @param runnerUp the next one in the ranking that meets the limits
 * @param shares how much of the scores each column decides
 * @param rankedBy what the scores come from, and why
 */
public record Selection(
        RankedSubnet subnet,
        int rank,
        int ranked,
        int images,
        Limits limits,
        SortedMap<String, Long> over,
        Optional<RankedSubnet> runnerUp,
        Map<String, Double> shares,
        String rankedBy) {

    /**
     * Selects from a ranking.
     *
     * @param images the number of images that scored every subnet
     * @throws UserMistake if no ranked subnet meets the limits, saying what the cheapest cost, or none of those has a score
     */
    public static Selection from(Ranking ranking, Limits limits, int images) {
        List<RankedSubnet> subnets = ranking.subnets();
        List<RankedSubnet> allowed = subnets.stream()
                .filter(subnet -> limits.metBy(subnet::value))
                .limit(2)
                .toList();
        if (allowed.isEmpty()) {
            throw new UserMistake(noneAllowed(subnets, limits));
        }
        RankedSubnet selected = allowed.get(0);
        if (selected.score() == Double.NEGATIVE_INFINITY) {
            throw new UserMistake("there is nothing to select from: what was measured gives no architecture within the"
                    + " limits a score (" + ranking.rankedBy() + "); if networks are trained for it, lower"
                    + " training.learning-rate.initial");
        }
        List<RankedSubnet> higher = subnets.subList(0, subnets.indexOf(selected));
        return new Selection(
                selected,
                higher.size() + 1,
                subnets.size(),
                images,
                limits,
                over(limits, higher),
                allowed.stream().skip(1).findFirst(),
                ranking.shares(),
                ranking.rankedBy());
    }

    private static SortedMap<String, Long> over(Limits limits, List<RankedSubnet> higher) {
        SortedMap<String, Long> over = new TreeMap<>();
        for (String column : limits.most().keySet()) {
            over.put(
                    column,
                    higher.stream()
                            .filter(subnet -> limits.exceeded(column, subnet::value))
                            .count());
        }
        return over;
    }

    private static String noneAllowed(List<RankedSubnet> subnets, Limits limits) {
        if (subnets.isEmpty()) {
            return "there is nothing to select from: no subnet was scored";
        }
        return "none of the " + subnets.size() + " ranked architectures meets the limits of " + limits
                + "; they start at " + limits.text(column -> least(column, subnets));
    }

    private static long least(String cost, List<RankedSubnet> subnets) {
        return (long)
                subnets.stream().mapToDouble(subnet -> subnet.value(cost)).min().orElseThrow();
    }

    /** By how much the accuracy exceeds the runner-up's, from -1 to 1; empty without a runner-up or accuracies. */
    public Optional<Double> margin() {
        return scoredRunnerUp().map(other -> accuracy(subnet) - accuracy(other));
    }

    /**
     * Whether the accuracy differs from the runner-up's by more than chance explains; empty without a runner-up or
     * accuracies.
     */
    public Optional<Boolean> toldApart() {
        return scoredRunnerUp().map(other -> measured(subnet).differsFrom(measured(other)));
    }

    private Optional<RankedSubnet> scoredRunnerUp() {
        return runnerUp.filter(any -> subnet.has(Columns.ACCURACY));
    }

    private static double accuracy(RankedSubnet of) {
        return of.value(Columns.ACCURACY);
    }

    private Proportion measured(RankedSubnet scored) {
        return Proportion.of(accuracy(scored), images);
    }

    /** Why this architecture was selected, in sentences for people. */
    public List<String> reasons(SearchSpace space) {
        List<String> reasons = new ArrayList<>();
        reasons.add(String.format(Locale.ROOT, "ranked %d of %d%s", rank, ranked, learned()));
        reasons.add(rankedBy);
        over.forEach((column, higher) -> reasons.add(higher + " ranked higher exceed the limit of "
                + Limits.amount(column, limits.most().get(column))));
        reasons.add(runnerUp.map(other -> preference(space.format(other.architecture()), other))
                .orElse("no other ranked architecture meets the limits"));
        if (!toldApart().orElse(true)) {
            reasons.add(String.format(
                    Locale.ROOT,
                    "the two cannot be told apart by %d images: accuracy %s and %s (95 %% confidence)",
                    images,
                    interval(subnet),
                    interval(runnerUp.orElseThrow())));
        }
        return reasons;
    }

    private String learned() {
        return subnet.has(Columns.ACCURACY)
                ? String.format(
                        Locale.ROOT, ", with accuracy %.4f and loss %.4f", accuracy(subnet), subnet.value(Columns.LOSS))
                : "";
    }

    private String preference(String name, RankedSubnet other) {
        String preferred = "preferred to the runner-up " + name;
        return subnet.score() > other.score()
                ? String.format(
                        Locale.ROOT, "%s by a score of %.4f over %.4f", preferred, subnet.score(), other.score())
                : preferred + ", equal in score, by higher accuracy, lower loss, fewer FLOPs, fewer parameters or text,"
                        + " in this order";
    }

    private String interval(RankedSubnet scored) {
        ConfidenceInterval interval = measured(scored).interval();
        return String.format(Locale.ROOT, "%.4f to %.4f", interval.getLowerBound(), interval.getUpperBound());
    }

    /**
     * What {@code selection.json} says.
     *
     * @param rule the name of what ranked
     */
    public SelectionRecord toRecord(SearchSpace space, String rule) {
        return new SelectionRecord(
                space.format(subnet.architecture()),
                subnet.node(),
                subnet.score(),
                rank,
                ranked,
                subnet.has(Columns.ACCURACY) ? images : null,
                measures(subnet),
                new SelectionRecord.RankedBy(rule, rankedBy, shares),
                limits.most(),
                over,
                runnerUp.map(other -> runnerUp(other, space)).orElse(null),
                reasons(space));
    }

    private SelectionRecord.RunnerUp runnerUp(RankedSubnet other, SearchSpace space) {
        return new SelectionRecord.RunnerUp(
                space.format(other.architecture()),
                other.node(),
                other.score(),
                measures(other),
                margin().orElse(null),
                toldApart().orElse(null));
    }

    /** What is not finite is null. */
    private static Map<String, Double> measures(RankedSubnet of) {
        Map<String, Double> measures = new LinkedHashMap<>();
        for (String column : of.measured().columns()) {
            double value = of.value(column);
            measures.put(column, Double.isFinite(value) ? value : null);
        }
        return measures;
    }
}
