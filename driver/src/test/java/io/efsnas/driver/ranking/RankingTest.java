package io.efsnas.driver.ranking;

import static io.efsnas.driver.ranking.Subnets.CONV_1X1;
import static io.efsnas.driver.ranking.Subnets.CONV_3X3;
import static io.efsnas.driver.ranking.Subnets.POOL;
import static io.efsnas.driver.ranking.Subnets.SKIP;
import static io.efsnas.driver.ranking.Subnets.SPACE;
import static io.efsnas.driver.ranking.Subnets.subnet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

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
    void betterComesFirst(ScoredSubnet better, ScoredSubnet worse) {
        assertThat(new Ranking(SPACE, List.of(worse, better)).subnets()).containsExactly(better, worse);
        assertThat(new Ranking(SPACE, List.of(better, worse)).subnets()).containsExactly(better, worse);
    }

    static Stream<Arguments> betterComesFirst() {
        return Stream.of(
                Arguments.of(
                        subnet(SKIP, 0.1, 9, 9, 9).withScore(2),
                        subnet(POOL, 0.5, 1, 1, 1).withScore(1)),
                Arguments.of(
                        subnet(SKIP, 0.6, 9, 9, 9).withScore(1),
                        subnet(POOL, 0.5, 1, 1, 1).withScore(1)),
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
    void orderOfTheInputDoesNotMatter(@ForAll("scored") List<ScoredSubnet> scored, @ForAll long seed) {
        List<ScoredSubnet> shuffled = new ArrayList<>(scored);
        Collections.shuffle(shuffled, new Random(seed));

        assertThat(new Ranking(SPACE, shuffled).subnets())
                .isEqualTo(new Ranking(SPACE, scored).subnets())
                .containsExactlyInAnyOrderElementsOf(scored);
    }

    @Provide
    Arbitrary<List<ScoredSubnet>> scored() {
        return Subnets.subnets()
                .list()
                .uniqueElements(ScoredSubnet::architecture)
                .ofMaxSize(40);
    }

    @Test
    void architectureScoredTwiceIsRefused() {
        List<ScoredSubnet> twice = List.of(subnet(SKIP, 0.5, 1, 1, 1), subnet(SKIP, 0.6, 1, 1, 1));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Ranking(SPACE, twice))
                .withMessage(SKIP + " is scored twice");
    }

    @Test
    void subnetIsRankedByItsAccuracyUnlessToldOtherwise() {
        assertThat(subnet(SKIP, 0.25, 1, 1, 1).score()).isEqualTo(0.25);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> subnet(SKIP, 0.25, 1, 1, 1).withScore(Double.NaN))
                .withMessage("score must be a number, not NaN");
    }

    @ParameterizedTest
    @MethodSource
    void impossibleScoreIsRefused(
            int subspace, int nonlinearities, double accuracy, long flops, long parameters, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        new ScoredSubnet(SPACE.parse(SKIP), subspace, nonlinearities, accuracy, 1, flops, parameters))
                .withMessage(message);
    }

    static Stream<Arguments> impossibleScoreIsRefused() {
        return Stream.of(
                Arguments.of(-1, 0, 0.5, 1, 1, "subspace must be at least 0, not -1"),
                Arguments.of(0, -1, 0.5, 1, 1, "nonlinearities must be at least 0, not -1"),
                Arguments.of(0, 0, -0.1, 1, 1, "accuracy must be from 0 to 1, not -0.1"),
                Arguments.of(0, 0, 62.5, 1, 1, "accuracy must be from 0 to 1, not 62.5"),
                Arguments.of(0, 0, Double.NaN, 1, 1, "accuracy must be from 0 to 1, not NaN"),
                Arguments.of(0, 0, 0.5, -1, 1, "flops must be at least 0, not -1"),
                Arguments.of(0, 0, 0.5, 1, -1, "parameters must be at least 0, not -1"));
    }
}
