package io.efsnas.space.mobilenet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.efsnas.space.Architecture;
import io.efsnas.space.Enumeration;
import io.efsnas.space.Sampling;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MobileNetSpaceTest {

    private static final int BLOCKS = 21;
    /** The first block of each stage is no identity. */
    private static final List<Integer> FIRST_OF_STAGE = List.of(0, 4, 8, 12, 16, 20);

    private final MobileNetSpace space = new MobileNetSpace();

    @Property(tries = 200)
    void textFormIsReadBack(@ForAll long seed) {
        Architecture drawn = Sampling.any(space, new SplittableRandom(seed));

        assertThat(space.parse(space.format(drawn))).isEqualTo(drawn);
        assertThat(space.parse(" " + space.format(drawn).replace(" ", "   ") + "\n"))
                .isEqualTo(drawn);
    }

    @Test
    void textNamesKernelAndExpansionOfEachBlock() {
        String text = "k3e3 k3e6 k5e3 id k5e6 k7e3 k7e6 id k3e3 id id id k3e6 id id k3e3 k7e6 id id id k3e3";

        assertThat(space.parse(text).choices())
                .containsExactly(0, 1, 2, 6, 3, 4, 5, 6, 0, 6, 6, 6, 1, 6, 6, 0, 5, 6, 6, 6, 0);
        assertThat(space.nonlinearities(space.parse(text))).isEqualTo(2 * (BLOCKS - 10));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "k3e3", "k3e3 k3e3 k3e3 k3e3 k3e3 k3e3 k3e3 k3e3 k3e3 k3e3 k3e3 k3e3 k3e3 k3e3 k3e3 k3e3"})
    void textOfOtherLengthIsRefused(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> space.parse(text))
                .withMessageContaining("is not an architecture, with ")
                .withMessageEndingWith(
                        "expected 21 words such as k3e6 k5e3 id, each one of k3e3, k3e6, k5e3, k5e6, k7e3,"
                                + " k7e6, id");
    }

    @Test
    void unknownBlocksAndIdentitiesOutOfPlaceAreRefused() {
        String rest = " k3e3".repeat(BLOCKS - 1);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> space.parse("k4e3" + rest))
                .withMessageStartingWith("unknown block 'k4e3' in 'k4e3 k3e3");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> space.parse("id" + rest))
                .withMessageStartingWith("block 1 of 'id k3e3")
                .withMessageContaining("cannot be id, since it is the first of a stage");
    }

    @Test
    void sizesAreThoseOfThePolynomial() {
        // The coefficient of x^i in 6^6 (6 + x)^15 is how many architectures have i identities.
        BigInteger[] polynomial = {BigInteger.valueOf(6).pow(6)};
        for (int block = 0; block < 15; block++) {
            BigInteger[] product = new BigInteger[polynomial.length + 1];
            Arrays.fill(product, BigInteger.ZERO);
            for (int i = 0; i < polynomial.length; i++) {
                product[i] = product[i].add(polynomial[i].multiply(BigInteger.valueOf(6)));
                product[i + 1] = product[i + 1].add(polynomial[i]);
            }
            polynomial = product;
        }
        Map<Integer, BigInteger> expected = new HashMap<>();
        for (int identities = 0; identities < polynomial.length; identities++) {
            expected.put(2 * (BLOCKS - identities), polynomial[identities]);
        }

        assertThat(space.sizes()).isEqualTo(expected);
        assertThat(space.sizes().firstKey()).isEqualTo(12);
        assertThat(space.sizes().lastKey()).isEqualTo(42);
        BigInteger all =
                BigInteger.valueOf(6).pow(6).multiply(BigInteger.valueOf(7).pow(15));
        assertThat(space.sizes().values().stream().reduce(BigInteger.ZERO, BigInteger::add))
                .isEqualTo(all)
                .isEqualTo(Enumeration.size(space));
    }

    @Property(tries = 100)
    void drawnArchitecturesHaveOneOfTheCounts(@ForAll long seed) {
        Random random = new Random(seed);
        List<Integer> all = List.copyOf(space.sizes().keySet());
        List<Integer> counts =
                all.stream().filter(any -> random.nextInt(4) == 0).toList();
        List<Integer> some = counts.isEmpty() ? List.of(all.get(random.nextInt(all.size()))) : counts;

        Architecture drawn = space.sample(some, new SplittableRandom(seed)).orElseThrow();

        assertThat(some).contains(space.nonlinearities(drawn));
        assertThat(FIRST_OF_STAGE).allMatch(position -> drawn.choice(position) < 6);
        assertThat(space.parse(space.format(drawn))).isEqualTo(drawn);
    }

    /** How often each choice, each pair of identities, and each count occurs, against what uniform draws have. */
    @Test
    void drawsOfAGroupAreUniform() {
        int draws = 60_000;
        List<Integer> counts = List.of(14, 16);
        // With i of 15 blocks the identity, i is 14 or 13: 15 * 6^7 and 105 * 6^8 architectures.
        double lower = 15.0 / (15 + 105 * 6);
        int[] byCount = new int[2];
        int[][] byChoice = new int[BLOCKS][7];
        Map<List<Integer>, Integer> byPlaces = new HashMap<>();
        SplittableRandom random = new SplittableRandom(5);
        for (int draw = 0; draw < draws; draw++) {
            Architecture drawn = space.sample(counts, random).orElseThrow();
            int count = space.nonlinearities(drawn);
            byCount[(count - 14) / 2]++;
            List<Integer> places = IntStream.range(0, BLOCKS)
                    .filter(position -> !FIRST_OF_STAGE.contains(position) && drawn.choice(position) < 6)
                    .boxed()
                    .toList();
            byPlaces.merge(places, 1, Integer::sum);
            for (int position = 0; position < BLOCKS; position++) {
                byChoice[position][drawn.choice(position)]++;
            }
        }

        assertShare(byCount[0], draws, lower);
        assertThat(byPlaces).hasSize(15 + 105);
        byPlaces.forEach(
                (places, times) -> assertShare(times, draws, places.size() == 1 ? lower / 15 : (1 - lower) / 105));
        double identity = (lower * 14 + (1 - lower) * 13) / 15;
        for (int position = 0; position < BLOCKS; position++) {
            double other = FIRST_OF_STAGE.contains(position) ? 1.0 / 6 : (1 - identity) / 6;
            for (int choice = 0; choice < 6; choice++) {
                assertShare(byChoice[position][choice], draws, other);
            }
        }
    }

    /** Within five standard deviations. */
    private static void assertShare(int times, int draws, double share) {
        double deviation = Math.sqrt(draws * share * (1 - share));
        assertThat((double) times).isBetween(draws * share - 5 * deviation, draws * share + 5 * deviation);
    }

    @Test
    void allButFirstBlocksCanBeTheIdentity() {
        assertThat(space.choices()).hasSize(BLOCKS);
        for (int position = 0; position < BLOCKS; position++) {
            assertThat(space.choices().get(position)).isEqualTo(FIRST_OF_STAGE.contains(position) ? 6 : 7);
        }
        Architecture shallowest = new Architecture(
                space.choices().stream().map(choices -> choices == 7 ? 6 : 0).toList());
        assertThat(space.nonlinearities(shallowest)).isEqualTo(12);
        assertThat(space.nonlinearities(new Architecture(Collections.nCopies(BLOCKS, 5))))
                .isEqualTo(42);
    }

    @Test
    void strideOfTheStemIsOneOrTwo() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> space.with(Map.of("stem-stride", 4)))
                .withMessage("stem-stride: expected a whole number from 1 to 2");
    }
}
