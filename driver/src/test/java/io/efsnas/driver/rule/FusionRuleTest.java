package io.efsnas.driver.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.efsnas.space.Architecture;
import io.efsnas.space.SearchSpaces;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class FusionRuleTest {

    private static final List<String> COLUMNS =
            List.of("accuracy", "loss", "live-flops", "expressivity", "progressivity");

    private static double ln(double rank, int of) {
        return Math.log(rank / of);
    }

    /** What efsnas ships, with two experts: live FLOPs and the mean of expressivity and progressivity. */
    private static RankingRule rule(Map<String, Object> settings) {
        RankingRuleProvider provider = RankingRuleProvider.named("fusion");
        Map<String, Object> all = new HashMap<>(provider.defaults());
        all.put("experts", List.of(List.of("live-flops"), List.of("expressivity", "progressivity")));
        all.put("weights", List.of(1, 1));
        all.putAll(settings);
        return provider.create(all);
    }

    private static MeasuredSubnet subnet(int id, String node, double... values) {
        return new MeasuredSubnet(
                Architecture.of(id),
                node,
                COLUMNS,
                Arrays.stream(values).boxed().toList());
    }

    @Test
    void addsTheSaysOfThreeExperts() {
        // One supernet. The free say ranks 1, 3, 2, the accuracies 1, 2, 3: so the third takes the second's free say.
        List<MeasuredSubnet> subnets = List.of(
                subnet(0, "0", 0.1, 1, 10, 1, 3), subnet(1, "0", 0.5, 1, 30, 2, 2), subnet(2, "0", 0.9, 1, 20, 3, 1));

        Scores scores = rule(Map.of()).score(subnets);

        double weight = FusionRule.weight(0.5);
        double first = ln(1, 3) + (ln(1, 3) + ln(3, 3)) / 2;
        double second = ln(3, 3) + (ln(2, 3) + ln(2, 3)) / 2;
        double third = ln(2, 3) + (ln(3, 3) + ln(1, 3)) / 2;
        assertThat(scores.values().get(0)).isCloseTo(first + weight * ln(1, 3), within(1e-12));
        assertThat(scores.values().get(1)).isCloseTo(second + weight * ln(2, 3), within(1e-12));
        assertThat(scores.values().get(2)).isCloseTo(third + weight * ln(3, 3), within(1e-12));
        assertThat(scores.sentence())
                .isEqualTo("ranked by accuracy within each subspace (weight 0.2151), live-flops and the mean of"
                        + " expressivity and progressivity, since within subspaces the accuracy agrees with the others"
                        + " by 0.50");
        assertThat(scores.shares()).containsOnlyKeys("accuracy", "live-flops", "expressivity", "progressivity");
        assertThat(scores.shares().get("accuracy")).isCloseTo(weight / (weight + 2), within(1e-12));
        assertThat(scores.shares().get("progressivity")).isCloseTo(0.5 / (weight + 2), within(1e-12));
        assertThat(scores.shares().values().stream().mapToDouble(share -> share).sum())
                .isCloseTo(1, within(1e-12));
    }

    /** Two predictors that correlate with the truth by 0.88 and err independently agree by 0.7744. */
    @Test
    void accuraciesHaveAsMuchSayAsTheirAgreementShows() {
        assertThat(FusionRule.weight(-0.3)).isZero();
        assertThat(FusionRule.weight(0)).isZero();
        assertThat(FusionRule.weight(Double.NaN)).isZero();
        assertThat(FusionRule.weight(0.7744)).isCloseTo(1, within(1e-12));
        assertThat(FusionRule.weight(0.95)).isEqualTo(1);
        // 0.44 shows a correlation of 0.5: 0.5 (1 - 0.7744) / (0.88 (1 - 0.25)).
        assertThat(FusionRule.weight(0.44)).isCloseTo(0.5 * 0.2256 / 0.66, within(1e-12));
    }

    /** However accurate a supernet makes all of its architectures look. */
    @Property(tries = 20)
    void accuraciesOfDifferentSupernetsAreNotCompared(@ForAll long seed) {
        Random random = new Random(seed);
        List<MeasuredSubnet> subnets = IntStream.range(0, 40)
                .mapToObj(i -> {
                    double accuracy = random.nextDouble();
                    return subnet(i, "" + i % 3, accuracy, 1, random.nextDouble(), accuracy, random.nextDouble());
                })
                .toList();
        List<MeasuredSubnet> shifted = IntStream.range(0, 40)
                .mapToObj(i -> {
                    MeasuredSubnet subnet = subnets.get(i);
                    return subnet(
                            i,
                            subnet.node(),
                            subnet.value("accuracy") + 16 * (i % 3),
                            1,
                            subnet.value("live-flops"),
                            subnet.value("expressivity"),
                            subnet.value("progressivity"));
                })
                .toList();

        assertThat(rule(Map.of()).score(shifted)).isEqualTo(rule(Map.of()).score(subnets));
    }

    @Test
    void equalAccuraciesAreEqualWhateverTheirOrder() {
        List<MeasuredSubnet> subnets = IntStream.rangeClosed(1, 6)
                .mapToObj(i -> subnet(i, "0", i < 5 ? 0.5 : 0.9, 1, i, 1, 1))
                .toList();

        List<Double> scores = rule(Map.of()).score(subnets).values();

        // Between architectures of the same accuracy the cost alone makes a difference.
        assertThat(scores.get(3) - scores.get(0)).isCloseTo(ln(4, 6) - ln(1, 6), within(1e-12));
        assertThat(scores.get(5) - scores.get(4)).isCloseTo(ln(6, 6) - ln(5, 6), within(1e-12));
    }

    @Test
    void whatHasNoFiniteValueRanksLast() {
        List<Double> scores = rule(Map.of())
                .score(List.of(
                        subnet(0, "0", 1, 1, 1, Double.NaN, 1),
                        subnet(1, "0", 1, 1, 1, -5, 1),
                        subnet(2, "0", 1, 1, 1, Double.NEGATIVE_INFINITY, 1)))
                .values();

        assertThat(scores.get(1)).isGreaterThan(scores.get(0));
        assertThat(scores.get(0)).isEqualTo(scores.get(2));
    }

    @Test
    void lowLossIsGood() {
        List<MeasuredSubnet> subnets = List.of(subnet(0, "0", 0.9, 0.1, 1, 1, 1), subnet(1, "0", 0.1, 0.9, 1, 1, 1.5));

        Scores scores = rule(Map.of("learned", "loss", "learned-weight", 5)).score(subnets);

        assertThat(scores.values().get(0)).isGreaterThan(scores.values().get(1));
        assertThat(scores.sentence())
                .isEqualTo(
                        "ranked by loss within each subspace (weight 5.0000), live-flops and the mean of expressivity"
                                + " and progressivity, with the weights of the configuration");
    }

    @Test
    void trainingFreeReadsNothingLearned() {
        RankingRule rule = RankingRuleProvider.named("training-free")
                .create(Map.of(
                        "experts", List.of(List.of("live-flops"), List.of("expressivity")), "weights", List.of(3, 1)));

        Scores scores = rule.score(List.of(subnet(0, "0", 0, 9, 1, 2, 0), subnet(1, "0", 1, 0, 2, 1, 0)));

        assertThat(rule.columns()).containsExactly("live-flops", "expressivity");
        assertThat(scores.values().get(0)).isCloseTo(3 * ln(1, 2), within(1e-12));
        assertThat(scores.values().get(1)).isCloseTo(ln(1, 2), within(1e-12));
        assertThat(scores.sentence()).isEqualTo("ranked without supernets by live-flops and expressivity");
    }

    @Test
    void saysWhenTheAccuraciesHaveNoSay() {
        assertThat(rule(Map.of())
                        .score(List.of(subnet(0, "0", 0.9, 1, 1, 1, 1), subnet(1, "0", 0.1, 1, 2, 2, 2)))
                        .sentence())
                .isEqualTo(
                        "ranked by live-flops and the mean of expressivity and progressivity alone: within subspaces the"
                                + " accuracy does not agree with them (-1.00)");
        assertThat(rule(Map.of())
                        .score(List.of(subnet(0, "0", 0.9, 1, 1, 1, 1)))
                        .sentence())
                .isEqualTo("ranked by live-flops and the mean of expressivity and progressivity alone: too few"
                        + " architectures, or all of the same accuracy, to show whether to believe it");
    }

    @Test
    void settingsAreChecked() {
        refused(Map.of("learned", "flops"), "learned: expected accuracy or loss");
        refused(Map.of("learned-weight", -1), "learned-weight: expected a number of at least 0, or auto");
        refused(Map.of("weights", List.of(1)), "weights: expected a number above 0 for each of the 2");
        refused(Map.of("weights", List.of(1, 0)), "weights: expected a number above 0");
        refused(Map.of("experts", List.of()), "experts: expected lists of measures");
        refused(Map.of("experts", List.of("flops", "flops")), "experts: expected a list of measures");
        refused(
                Map.of("experts", List.of(List.of("accuracy")), "weights", List.of(1)),
                "experts: expected measures that need no training, not accuracy");
    }

    private static void refused(Map<String, Object> settings, String message) {
        assertThatIllegalArgumentException().isThrownBy(() -> rule(settings)).withMessageStartingWith(message);
    }

    @Test
    void oneColumnRanksByItself() {
        List<MeasuredSubnet> subnets =
                List.of(subnet(0, "0", 0.75, 1.5, 1, 1, 1), subnet(1, "0", 0.5, Double.NaN, 1, 1, 1));

        assertThat(RankingRuleProvider.named("accuracy").create(Map.of()).score(subnets))
                .isEqualTo(new Scores(List.of(0.75, 0.5), Map.of("accuracy", 1.0), "ranked by accuracy"));
        assertThat(RankingRuleProvider.named("loss")
                        .create(Map.of())
                        .score(subnets)
                        .values())
                .containsExactly(-1.5, Double.NEGATIVE_INFINITY);
    }

    @Test
    void onlyDefaultExpertsAreSuitedToASpace() {
        RankingRuleProvider provider = RankingRuleProvider.named("fusion");
        Map<String, Object> weighted = new HashMap<>(provider.defaults());
        weighted.put("weights", List.of(3, 2, 1));
        Map<String, Object> given = Map.of("experts", List.of(List.of("expressivity")), "weights", List.of(1));

        Map<String, Object> suited = provider.suited(weighted, SearchSpaces.named("darts"));

        assertThat(suited)
                .containsEntry("experts", List.of(List.of("live-flops"), List.of("jacobian-covariance", "synflow")))
                .containsEntry("weights", List.of(3, 1))
                .containsEntry("learned", "accuracy");
        assertThat(provider.suited(given, SearchSpaces.named("darts"))).isEqualTo(given);
        assertThat(provider.suited(weighted, SearchSpaces.named("nas-bench-201")))
                .isEqualTo(weighted);
    }

    @Test
    void aRuleNamesWhatItLeavesOut() {
        RankingRule rule = rule(Map.of());
        List<MeasuredSubnet> subnets = List.of(subnet(0, "0", 0.1, 1, 10, 1, 3), subnet(1, "0", 0.5, 1, 30, 2, 2));

        Scores scores = new SuitedRule(rule, List.of("trainability", "synflow")).score(subnets);

        assertThat(scores.values()).isEqualTo(rule.score(subnets).values());
        assertThat(scores.shares()).isEqualTo(rule.score(subnets).shares());
        assertThat(scores.sentence())
                .isEqualTo(rule.score(subnets).sentence()
                        + "; without trainability, synflow, which networks of this space cannot be measured by");
    }
}
