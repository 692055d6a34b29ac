package io.efsnas.driver.ranking;

import static io.efsnas.driver.ranking.Subnets.CONV_1X1;
import static io.efsnas.driver.ranking.Subnets.CONV_3X3;
import static io.efsnas.driver.ranking.Subnets.POOL;
import static io.efsnas.driver.ranking.Subnets.SKIP;
import static io.efsnas.driver.ranking.Subnets.SPACE;
import static io.efsnas.driver.ranking.Subnets.ranking;
import static io.efsnas.driver.ranking.Subnets.scored;
import static io.efsnas.driver.ranking.Subnets.subnet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.efsnas.driver.rule.Columns;
import io.efsnas.driver.rule.MeasuredSubnet;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class RankingTest {

    @ParameterizedTest
    @MethodSource
    void betterComesFirst(RankedSubnet better, RankedSubnet worse) {
        assertThat(ranking(List.of(worse, better)).subnets()).containsExactly(better, worse);
        assertThat(ranking(List.of(better, worse)).subnets()).containsExactly(better, worse);
    }

    static Stream<Arguments> betterComesFirst() {
        return Stream.of(
                Arguments.of(scored(subnet(SKIP, 0.1, 9, 9, 9), 2), scored(subnet(POOL, 0.5, 1, 1, 1), 1)),
                Arguments.of(scored(subnet(SKIP, 0.6, 9, 9, 9), 1), scored(subnet(POOL, 0.5, 1, 1, 1), 1)),
                Arguments.of(subnet(SKIP, 0.6, 9, 9, 9), subnet(POOL, 0.5, 1, 1, 1)),
                Arguments.of(subnet(SKIP, 0.5, 1, 9, 9), subnet(POOL, 0.5, 2, 1, 1)),
                Arguments.of(subnet(SKIP, 0.5, 9, 9, 9), subnet(POOL, 0.5, Double.NaN, 1, 1)),
                Arguments.of(subnet(SKIP, 0.5, 1, 1, 9), subnet(POOL, 0.5, 1, 2, 1)),
                Arguments.of(subnet(SKIP, 0.5, 1, 1, 1), subnet(POOL, 0.5, 1, 1, 2)),
                // "avg_pool_3x3" comes before "skip_connect" although its operation has the higher number.
                Arguments.of(subnet(POOL, 0.5, 1, 1, 1), subnet(SKIP, 0.5, 1, 1, 1)),
                Arguments.of(subnet(CONV_1X1, 0.5, 1, 1, 1), subnet(CONV_3X3, 0.5, 1, 1, 1)));
    }

    @Property(tries = 200)
    void orderOfTheInputDoesNotMatter(@ForAll("rankings") List<RankedSubnet> scored, @ForAll long seed) {
        List<RankedSubnet> shuffled = new ArrayList<>(scored);
        Collections.shuffle(shuffled, new Random(seed));

        assertThat(ranking(shuffled).subnets())
                .isEqualTo(ranking(scored).subnets())
                .containsExactlyInAnyOrderElementsOf(scored);
    }

    @Provide
    Arbitrary<List<RankedSubnet>> rankings() {
        return Subnets.subnets()
                .list()
                .uniqueElements(RankedSubnet::architecture)
                .ofMaxSize(40);
    }

    @Test
    void architectureScoredTwiceIsRefused() {
        List<RankedSubnet> twice = List.of(subnet(SKIP, 0.5, 1, 1, 1), subnet(SKIP, 0.6, 1, 1, 1));

        assertThatIllegalArgumentException().isThrownBy(() -> ranking(twice)).withMessage(SKIP + " is scored twice");
    }

    @Test
    void scoreThatIsNoNumberIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> scored(subnet(SKIP, 0.25, 1, 1, 1), Double.NaN))
                .withMessage("score must be a number, not NaN");
    }

    @Test
    void subnetsThatNothingWasTrainedForAreOrderedByTheirCosts() {
        List<String> costs = List.of(Columns.FLOPS, Columns.PARAMETERS);
        RankedSubnet cheap = new RankedSubnet(new MeasuredSubnet(SPACE.parse(SKIP), "0", costs, List.of(1.0, 2.0)), 1);
        RankedSubnet dear = new RankedSubnet(new MeasuredSubnet(SPACE.parse(POOL), "0", costs, List.of(1.0, 3.0)), 1);

        assertThat(ranking(List.of(dear, cheap)).subnets()).containsExactly(cheap, dear);
    }
}
