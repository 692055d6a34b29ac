package io.efsnas.driver.selection;

import static io.efsnas.driver.ranking.Subnets.CONV_1X1;
import static io.efsnas.driver.ranking.Subnets.CONV_3X3;
import static io.efsnas.driver.ranking.Subnets.POOL;
import static io.efsnas.driver.ranking.Subnets.SKIP;
import static io.efsnas.driver.ranking.Subnets.SPACE;
import static io.efsnas.driver.ranking.Subnets.ranking;
import static io.efsnas.driver.ranking.Subnets.scored;
import static io.efsnas.driver.ranking.Subnets.subnet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.efsnas.driver.process.UserMistake;
import io.efsnas.driver.ranking.RankedSubnet;
import io.efsnas.driver.ranking.Ranking;
import io.efsnas.driver.ranking.Subnets;
import io.efsnas.driver.rule.MeasuredSubnet;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class SelectionTest {

    private static final int IMAGES = 64;
    private static final RankedSubnet FIRST = subnet(CONV_3X3, 0.75, 0.5, 90, 9);
    private static final RankedSubnet SECOND = subnet(CONV_1X1, 0.5, 0.75, 50, 9);
    private static final RankedSubnet THIRD = subnet(POOL, 0.375, 1.5, 40, 2);
    private static final RankedSubnet FOURTH = subnet(SKIP, 0.375, 2, 10, 1);
    private static final Ranking RANKING = ranking(List.of(THIRD, FIRST, FOURTH, SECOND));

    @Test
    void withoutLimitsTheFirstIsSelected() {
        Selection selection = Selection.from(RANKING, Limits.NONE, IMAGES);

        assertThat(selection)
                .isEqualTo(new Selection(
                        FIRST, 1, 4, IMAGES, Limits.NONE, new TreeMap<>(), Optional.of(SECOND), Map.of(), "by a test"));
        assertThat(selection.margin()).contains(0.25);
        assertThat(selection.reasons(SPACE))
                .containsExactly(
                        "ranked 1 of 4, with accuracy 0.7500 and loss 0.5000",
                        "by a test",
                        "preferred to the runner-up " + CONV_1X1 + " by a score of 0.7500 over 0.5000");
    }

    @Test
    void architecturesWithoutAScoreAreNotSelected() {
        Ranking diverged = ranking(List.of(scored(FIRST, Double.NEGATIVE_INFINITY)));

        assertThatExceptionOfType(UserMistake.class)
                .isThrownBy(() -> Selection.from(diverged, Limits.NONE, IMAGES))
                .withMessage(
                        "there is nothing to select from: what was measured gives no architecture within the limits a"
                                + " score (by a test); if networks are trained for it, lower training.learning-rate.initial");
    }

    @Test
    void limitsPassOverThoseThatCostMore() {
        Limits limits = limits(60, 5);

        Selection selection = Selection.from(RANKING, limits, IMAGES);

        assertThat(selection)
                .isEqualTo(new Selection(
                        THIRD,
                        3,
                        4,
                        IMAGES,
                        limits,
                        new TreeMap<>(Map.of("flops", 1L, "parameters", 2L)),
                        Optional.of(FOURTH),
                        Map.of(),
                        "by a test"));
        assertThat(selection.reasons(SPACE))
                .containsExactly(
                        "ranked 3 of 4, with accuracy 0.3750 and loss 1.5000",
                        "by a test",
                        "1 ranked higher exceed the limit of 60 FLOPs",
                        "2 ranked higher exceed the limit of 5 parameters",
                        "preferred to the runner-up " + SKIP
                                + ", equal in score, by higher accuracy, lower loss, fewer FLOPs, fewer parameters or"
                                + " text, in this order",
                        "the two cannot be told apart by 64 images: accuracy 0.2667 to 0.4975 and 0.2667 to 0.4975"
                                + " (95 % confidence)");
    }

    @Test
    void runnerUpKeepsTheLimits() {
        Limits limits = limits(Map.of("parameters", 9L));
        Ranking ranking = ranking(List.of(FIRST, subnet(POOL, 0.625, 1, 1, 10), SECOND));

        assertThat(Selection.from(ranking, limits, IMAGES).runnerUp()).contains(SECOND);
    }

    @Test
    void saysWhenTheAccuraciesCannotBeToldApart() {
        Ranking close = ranking(List.of(subnet(SKIP, 0.65, 1, 1, 1), subnet(POOL, 0.6, 1, 1, 1)));

        Selection byFew = Selection.from(close, Limits.NONE, 100);
        Selection byMany = Selection.from(close, Limits.NONE, 10_000);

        assertThat(byFew.toldApart()).contains(false);
        assertThat(byFew.reasons(SPACE))
                .last()
                .isEqualTo("the two cannot be told apart by 100 images: accuracy 0.5525 to 0.7364 and 0.5020 to 0.6906"
                        + " (95 % confidence)");
        assertThat(byMany.toldApart()).contains(true);
        assertThat(byMany.reasons(SPACE)).last().asString().startsWith("preferred to the runner-up");
    }

    @Test
    void scoreThatIsNotTheAccuracyIsToldBesideIt() {
        Ranking ranking = ranking(List.of(scored(FIRST, -0.5), scored(subnet(POOL, 0.5, 0.25, 1, 1), -0.25)));

        Selection selection = Selection.from(ranking, Limits.NONE, IMAGES);

        assertThat(selection.margin()).contains(-0.25);
        assertThat(selection.reasons(SPACE))
                .contains("preferred to the runner-up " + CONV_3X3 + " by a score of -0.2500 over -0.5000");
    }

    @Test
    void limitsOfWhatReachesTheOutputPassOverByIt() {
        List<String> columns = List.of("accuracy", "loss", "flops", "live-flops");
        RankedSubnet first = new RankedSubnet(
                new MeasuredSubnet(SPACE.parse(CONV_3X3), "0", columns, List.of(0.75, 1.0, 90.0, 90.0)), 0.75);
        RankedSubnet mostlyDead = new RankedSubnet(
                new MeasuredSubnet(SPACE.parse(POOL), "0", columns, List.of(0.5, 1.0, 95.0, 40.0)), 0.5);

        Selection selection =
                Selection.from(ranking(List.of(first, mostlyDead)), limits(Map.of("live-flops", 60L)), IMAGES);

        assertThat(selection.subnet()).isEqualTo(mostlyDead);
        assertThat(selection.reasons(SPACE))
                .contains("1 ranked higher exceed the limit of 60 FLOPs that reach the output");
    }

    @Test
    void limitsAreInclusive() {
        assertThat(Selection.from(RANKING, limits(90, 9), IMAGES).subnet()).isEqualTo(FIRST);
        assertThat(Selection.from(RANKING, limits(89, 9), IMAGES).subnet()).isEqualTo(SECOND);
    }

    @Test
    void theOnlyOneHasNoRunnerUp() {
        Selection selection = Selection.from(RANKING, limits(10, 1), IMAGES);

        assertThat(selection.subnet()).isEqualTo(FOURTH);
        assertThat(selection.runnerUp()).isEmpty();
        assertThat(selection.margin()).isEmpty();
        assertThat(selection.toldApart()).isEmpty();
        assertThat(selection.reasons(SPACE)).last().isEqualTo("no other ranked architecture meets the limits");
    }

    @Test
    void limitsThatNoneKeepsAreRefused() {
        assertThatExceptionOfType(UserMistake.class)
                .isThrownBy(() -> Selection.from(RANKING, limits(Map.of("flops", 9L)), IMAGES))
                .withMessage("none of the 4 ranked architectures meets the limits of 9 FLOPs; they start at 10 FLOPs");
        assertThatExceptionOfType(UserMistake.class)
                .isThrownBy(() -> Selection.from(RANKING, limits(9, 1), IMAGES))
                .withMessageEndingWith(
                        " the limits of 9 FLOPs and 1 parameters; they start at 10 FLOPs and 1 parameters");
    }

    @Test
    void emptyRankingIsRefused() {
        assertThatExceptionOfType(UserMistake.class)
                .isThrownBy(() -> Selection.from(ranking(List.of()), Limits.NONE, IMAGES))
                .withMessage("there is nothing to select from: no subnet was scored");
    }

    @Test
    void limitsBelowOneOrOfWhatIsNoCostAreRefused() {
        for (Map<String, Long> refused : List.of(Map.of("flops", 1L, "parameters", 0L), Map.of("loss", 5L))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> limits(refused))
                    .withMessage(
                            "expected limits of [flops, parameters, live-flops, live-parameters, latency], each of at least 1,"
                                    + " not " + new TreeMap<>(refused));
        }
    }

    @Property(tries = 200)
    void selectionDoesNotDependOnTheOrderOfTheInput(
            @ForAll("rankings") List<RankedSubnet> scored,
            @ForAll @LongRange(min = 1, max = 3) long flops,
            @ForAll long seed) {
        Limits limits = limits(Map.of("flops", flops));
        List<RankedSubnet> withOneAllowed = new ArrayList<>(scored);
        withOneAllowed.add(subnet(SKIP, 0.25, 1, 1, 1));
        Selection selection = Selection.from(ranking(withOneAllowed), limits, IMAGES);

        Collections.shuffle(withOneAllowed, new Random(seed));

        assertThat(Selection.from(ranking(withOneAllowed), limits, IMAGES)).isEqualTo(selection);
        assertThat(withOneAllowed)
                .filteredOn(subnet -> subnet.value("flops") <= flops)
                .allMatch(subnet -> subnet.score() <= selection.subnet().score());
    }

    @Provide
    Arbitrary<List<RankedSubnet>> rankings() {
        return Subnets.subnets()
                .filter(subnet -> !subnet.architecture().equals(SPACE.parse(SKIP)))
                .list()
                .uniqueElements(RankedSubnet::architecture)
                .ofMaxSize(40);
    }

    private static Limits limits(long flops, long parameters) {
        return limits(Map.of("flops", flops, "parameters", parameters));
    }

    private static Limits limits(Map<String, Long> most) {
        return new Limits(new TreeMap<>(most));
    }
}
