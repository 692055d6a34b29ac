package io.efsnas.split.cut;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class BalancedCutTest {

    /** Distances of 0 within two groups and 1 across. */
    private static double[][] twoGroups(int things, List<Integer> group) {
        double[][] distances = new double[things][things];
        for (int a = 0; a < things; a++) {
            for (int b = 0; b < things; b++) {
                distances[a][b] = group.contains(a) == group.contains(b) ? 0 : 1;
            }
        }
        return distances;
    }

    @Test
    void groupsWithoutDistancesWithinAreFound() {
        assertThat(BalancedCut.of(twoGroups(5, List.of(1, 3))))
                .isEqualTo(new BalancedCut(List.of(1, 3), List.of(0, 2, 4), 6, 0));
        assertThat(BalancedCut.of(twoGroups(5, List.of(0, 1, 2))))
                .isEqualTo(new BalancedCut(List.of(3, 4), List.of(0, 1, 2), 6, 0));
    }

    @Test
    void ofEqualCutsItTakesAlwaysTheSame() {
        assertThat(BalancedCut.of(new double[4][4])).isEqualTo(new BalancedCut(List.of(0, 1), List.of(2, 3), 0, 0));
        assertThat(BalancedCut.of(new double[2][2])).isEqualTo(new BalancedCut(List.of(0), List.of(1), 0, 0));
    }

    /** The reference puts one thing after another into either group and adds up the distances within. */
    @Property(tries = 200)
    void noCutLeavesLessWithinTheGroups(@ForAll @IntRange(min = 2, max = 8) int things, @ForAll long seed) {
        double[][] distances = new double[things][things];
        Random random = new Random(seed);
        double sum = 0;
        for (int a = 0; a < things; a++) {
            for (int b = 0; b < a; b++) {
                distances[a][b] = distances[b][a] = 2 * random.nextDouble();
                sum += distances[a][b];
            }
        }

        BalancedCut cut = BalancedCut.of(distances);

        assertThat(cut.first()).hasSize(things / 2).doesNotContainAnyElementsOf(cut.second());
        assertThat(cut.second()).hasSize(things - things / 2);
        double left = inside(distances, cut.first()) + inside(distances, cut.second());
        assertThat(left).isCloseTo(least(distances, new ArrayList<>(), new ArrayList<>()), within(1e-12));
        assertThat(cut.within()).isCloseTo(left, within(1e-12));
        assertThat(cut.across()).isCloseTo(sum - left, within(1e-12));
        assertThat(cut.pairsWithin() + cut.first().size() * cut.second().size()).isEqualTo(things * (things - 1) / 2);
    }

    private static double least(double[][] distances, List<Integer> first, List<Integer> second) {
        int next = first.size() + second.size();
        if (next == distances.length) {
            return Math.abs(first.size() - second.size()) > 1
                    ? Double.MAX_VALUE
                    : inside(distances, first) + inside(distances, second);
        }
        first.add(next);
        double with = least(distances, first, second);
        first.remove(first.size() - 1);
        second.add(next);
        double without = least(distances, first, second);
        second.remove(second.size() - 1);
        return Math.min(with, without);
    }

    private static double inside(double[][] distances, List<Integer> group) {
        double sum = 0;
        for (int a : group) {
            for (int b : group) {
                sum += distances[a][b] / 2;
            }
        }
        return sum;
    }

    @Test
    void tooFewAndTooManyAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> BalancedCut.of(new double[1][1]))
                .withMessage("cannot cut 1 choices; expected 2 to 20");
        assertThatIllegalArgumentException().isThrownBy(() -> BalancedCut.of(new double[21][21]));
    }
}
