package io.efsnas.driver.rule;

import io.efsnas.driver.statistics.Ranks;
import io.efsnas.driver.statistics.SubspaceCorrelation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What several experts say of architectures: what their supernets have learned, and what is known without training, such
 * as what they cost where it counts, how well they are built and how well they tell images apart. An expert's say is the logarithm of an architecture's rank
 * as a share, ln(rank / n) from the worst on, as AZ-NAS adds its measures up (Lee, Ham, CVPR 2024), and the mean of that
 * where an expert has several columns. A score is the sum of all says by their weights; nothing is fitted to a table.
 *
 * <p>What was learned is calibrated first. Supernets of their own make accuracies comparable only within a subspace, so
 * there the accuracy orders, and between subspaces the other experts decide: the k-th best accuracy of a subspace takes the
 * k-th best sum of the other experts' says in that subspace.
 *
 * <p>Without a weight of its own, what was learned counts as far as it can be believed, which shows in the agreement r of
 * accuracies with the other experts, Spearman's rho within subspaces. If those correlate with the truth by q and err
 * independently, accuracies correlate with it by a = r / q, and the best linear predictor weighs them with
 * a (1 - q²) / (q (1 - a²)) where it weighs the others with 1. Here q is 0.88, as measured for the experts of the defaults on
 * one half of a table of NAS-Bench-201, and the weight at most 1. A supernet that has learned nothing has no
 * say; one that agrees as well as two such predictors do has a full one.
 *
 * @param learned the column of what supernets have learned; empty to rank without training
 * @param learnedWeight the weight of its say; empty to let the agreement decide
 * @param experts the others, at least one
 */
record FusionRule(Optional<String> learned, OptionalDouble learnedWeight, List<Expert> experts) implements RankingRule {

    /** How well experts without training are taken to correlate with the truth. */
    private static final double OF_FREE = 0.88;

    /**
     * An expert whose say is the mean of its columns' says.
     *
     * @param columns at least one
     * @param weight above 0
     */
    record Expert(List<String> columns, double weight) {

        /** Such as {@code the mean of expressivity and trainability}. */
        private String describe() {
            if (columns.size() == 1) {
                return columns.get(0);
            }
            int last = columns.size() - 1;
            return "the mean of " + String.join(", ", columns.subList(0, last)) + " and " + columns.get(last);
        }
    }

    FusionRule {
        experts = List.copyOf(experts);
    }

    @Override
    public List<String> columns() {
        return Stream.concat(learned.stream(), experts.stream().flatMap(expert -> expert.columns().stream()))
                .distinct()
                .toList();
    }

    @Override
    public Scores score(List<MeasuredSubnet> subnets) {
        double[] free = free(subnets);
        if (learned.isEmpty()) {
            return new Scores(
                    Arrays.stream(free).boxed().toList(),
                    shares(0),
                    "ranked without supernets by " + describeExperts());
        }
        double[] merits = column(subnets, learned.get());
        List<String> nodes = subnets.stream().map(MeasuredSubnet::node).toList();
        double agreement = SubspaceCorrelation.of(nodes, merits, free).rhoWithinSubspaces();
        double weight = learnedWeight.orElseGet(() -> weight(agreement));
        double[] says = Ranks.logarithms(calibrated(merits, nodes, free));
        return new Scores(
                IntStream.range(0, free.length)
                        .mapToObj(i -> weight * says[i] + free[i])
                        .toList(),
                shares(weight),
                sentence(weight, agreement));
    }

    static double weight(double agreement) {
        double ofLearned = Math.min(1, agreement / OF_FREE);
        if (!(ofLearned > 0)) { // also where it is unknown
            return 0;
        }
        return Math.min(1, ofLearned * (1 - OF_FREE * OF_FREE) / (OF_FREE * (1 - ofLearned * ofLearned)));
    }

    /** What the experts say that need no training, added up. */
    private double[] free(List<MeasuredSubnet> subnets) {
        double[] sums = new double[subnets.size()];
        for (Expert expert : experts) {
            for (String column : expert.columns()) {
                double[] say = Ranks.logarithms(column(subnets, column));
                for (int i = 0; i < sums.length; i++) {
                    sums[i] += expert.weight() / expert.columns().size() * say[i];
                }
            }
        }
        return sums;
    }

    private static double[] column(List<MeasuredSubnet> subnets, String column) {
        return subnets.stream().mapToDouble(subnet -> subnet.merit(column)).toArray();
    }

    /** Architectures of a supernet with equal merits take the mean of what they would take one by one. */
    private static double[] calibrated(double[] merits, List<String> nodes, double[] free) {
        Map<String, List<Integer>> byNode =
                IntStream.range(0, free.length).boxed().collect(Collectors.groupingBy(nodes::get));
        double[] calibrated = new double[free.length];
        for (List<Integer> own : byNode.values()) {
            double[] taken = own.stream().mapToDouble(i -> free[i]).sorted().toArray();
            List<Integer> ascending = new ArrayList<>(own);
            ascending.sort(Comparator.comparingDouble(i -> merits[i]));
            for (int from = 0; from < taken.length; ) {
                int to = from + 1;
                while (to < taken.length && merits[ascending.get(to)] == merits[ascending.get(from)]) {
                    to++;
                }
                double mean = Arrays.stream(taken, from, to).average().orElseThrow();
                for (int i = from; i < to; i++) {
                    calibrated[ascending.get(i)] = mean;
                }
                from = to;
            }
        }
        return calibrated;
    }

    private Map<String, Double> shares(double weightOfLearned) {
        double total =
                weightOfLearned + experts.stream().mapToDouble(Expert::weight).sum();
        Map<String, Double> shares = new LinkedHashMap<>();
        learned.ifPresent(column -> shares.put(column, weightOfLearned / total));
        for (Expert expert : experts) {
            double each = expert.weight() / expert.columns().size() / total;
            expert.columns().forEach(column -> shares.merge(column, each, Double::sum));
        }
        return shares;
    }

    private String sentence(double weight, double agreement) {
        String column = learned.orElseThrow();
        String calibrated = String.format(
                Locale.ROOT, "ranked by %s within each subspace (weight %.4f), %s", column, weight, describeExperts());
        if (learnedWeight.isPresent()) {
            return calibrated + ", with the weights of the configuration";
        }
        String alone = "ranked by " + describeExperts() + " alone: ";
        if (Double.isNaN(agreement)) {
            return alone + "too few architectures, or all of the same " + column + ", to show whether to believe it";
        }
        return weight == 0
                ? String.format(
                        Locale.ROOT,
                        "%swithin subspaces the %s does not agree with them (%.2f)",
                        alone,
                        column,
                        agreement)
                : String.format(
                        Locale.ROOT,
                        "%s, since within subspaces the %s agrees with the others by %.2f",
                        calibrated,
                        column,
                        agreement);
    }

    private String describeExperts() {
        List<String> all = experts.stream().map(Expert::describe).toList();
        int last = all.size() - 1;
        return last < 2
                ? String.join(" and ", all)
                : String.join(", ", all.subList(0, last)) + ", and " + all.get(last);
    }
}
