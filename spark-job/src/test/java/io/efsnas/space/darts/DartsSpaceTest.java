package io.efsnas.space.darts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.efsnas.space.Architecture;
import io.efsnas.space.Enumeration;
import io.efsnas.space.Sampling;
import io.efsnas.split.MaskSubspace;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DartsSpaceTest {

    private static final int EDGES = 14;
    private static final int OPERATIONS = 8;

    /** DARTS of the second order, as its authors publish it. */
    static final String DARTS_V2 =
            """
            Genotype(normal=[('sep_conv_3x3', 0), ('sep_conv_3x3', 1), ('sep_conv_3x3', 0), ('sep_conv_3x3', 1),
            ('sep_conv_3x3', 1), ('skip_connect', 0), ('skip_connect', 0), ('dil_conv_3x3', 2)], normal_concat=[2, 3, 4, 5],
            reduce=[('max_pool_3x3', 0), ('max_pool_3x3', 1), ('skip_connect', 2), ('max_pool_3x3', 1), ('max_pool_3x3', 0),
            ('skip_connect', 2), ('skip_connect', 2), ('max_pool_3x3', 1)], reduce_concat=[2, 3, 4, 5])
            """;

    private static final String V2 = "normal |sep_conv_3x3~0|sep_conv_3x3~1|+|sep_conv_3x3~0|sep_conv_3x3~1|"
            + "+|skip_connect~0|sep_conv_3x3~1|+|skip_connect~0|dil_conv_3x3~2|"
            + " reduce |max_pool_3x3~0|max_pool_3x3~1|+|max_pool_3x3~1|skip_connect~2|"
            + "+|max_pool_3x3~0|skip_connect~2|+|max_pool_3x3~1|skip_connect~2|";

    private final DartsSpace space = new DartsSpace();

    @Property(tries = 200)
    void textFormIsReadBack(@ForAll long seed) {
        Architecture drawn = Sampling.any(space, new SplittableRandom(seed));

        assertThat(space.parse(space.format(drawn))).isEqualTo(drawn);
        assertThat(space.parse(" " + space.format(drawn).replace(" ", "\n ") + "\n"))
                .isEqualTo(drawn);
    }

    @Test
    void publishedGenotypesAreRead() {
        Architecture read = space.parse(DARTS_V2);

        assertThat(space.format(read)).isEqualTo(V2);
        assertThat(space.parse(V2)).isEqualTo(read);
        assertThat(space.parse(DARTS_V2.replace("[2, 3, 4, 5]", "range(2, 6)").replace('\'', '"')))
                .isEqualTo(read);
        assertThat(read.choices()).hasSize(2 * EDGES);
        // In the normal cell no path has more than the dilated convolution after a separable one.
        assertThat(space.nonlinearities(read)).isEqualTo(3);
        assertThat(space.nonlinearities(space.parse(V2.replace("max_pool_3x3~0|max", "skip_connect~0|max"))))
                .isEqualTo(3 + 1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "sep_conv_3x3 normal; is not an architecture; expected normal |op~0|op~1|+",
                "Genotype(normal=[], normal_concat=[2], reduce=[], reduce_concat=[2]); is not an architecture",
                "normal |none~0| reduce |none~0|; the normal cell of 'normal |none~0| reduce |none~0|' is not four nodes",
                "normal ||+||+||+|| reduce ||+||+||+; the reduce cell of",
                "normal |conv~0|+||+||+|| reduce ||+||+||+||; unknown operation 'conv' in",
                "normal |none~2|+||+||+|| reduce ||+||+||+||; node 2 of the normal cell of",
                "normal |none~2|+||+||+|| reduce ||+||+||+||; cannot have the input 2; expected 0 to 1",
                "normal ||+||+||+|| reduce ||+|skip_connect~2|max_pool_3x3~2|+||+||; has two operations on the input 2",
                "Genotype(normal=[('none', 0)], normal_concat=range(2, 6), reduce=[], reduce_concat=range(2, 6));"
                        + " has 1 operations; expected two for each of its four nodes"
            })
    void otherTextIsRefused(String text, String reason) {
        assertThatIllegalArgumentException().isThrownBy(() -> space.parse(text)).withMessageContaining(reason);
    }

    @Test
    void aNodeThatNothingEntersIsRefused() {
        Architecture empty = space.parse(V2.replace("|skip_connect~0|dil_conv_3x3~2|", "||"));

        assertThat(space.connected(space.parse(V2))).isTrue();
        assertThat(space.connected(empty)).isFalse();
    }

    /** Of all connected architectures, by what each node has: enumerated by operations, with no formula. */
    @Test
    void sizesAreThoseOfAnEnumeration() {
        Map<Integer, BigInteger> expected = new TreeMap<>();
        versions(false).forEach((normal, ways) -> versions(true)
                .forEach(
                        (reduction, each) -> expected.merge(normal + reduction, ways.multiply(each), BigInteger::add)));

        assertThat(space.sizes()).isEqualTo(expected);
        assertThat(space.sizes().firstKey()).isZero();
        assertThat(space.sizes().lastKey()).isEqualTo(16);
    }

    /** Goes through every choice for the edges into each node; cells that are alike so far go on as one. */
    private static Map<Integer, BigInteger> versions(boolean reduces) {
        Map<List<Integer>, BigInteger> cells = Map.of(List.of(0, 0), BigInteger.ONE);
        for (int node = 2; node < 6; node++) {
            Map<List<Integer>, BigInteger> longer = new HashMap<>();
            for (Map.Entry<List<Integer>, BigInteger> cell : cells.entrySet()) {
                for (int code = 0; code < Math.pow(OPERATIONS, node); code++) {
                    int longest = -1;
                    int rest = code;
                    for (int source = 0; source < node; source++, rest /= OPERATIONS) {
                        int count = relus(rest % OPERATIONS, reduces && source < 2);
                        longest = count < 0
                                ? longest
                                : Math.max(longest, count + cell.getKey().get(source));
                    }
                    if (longest >= 0) {
                        List<Integer> further = new ArrayList<>(cell.getKey());
                        further.add(longest);
                        longer.merge(further, cell.getValue(), BigInteger::add);
                    }
                }
            }
            cells = longer;
        }
        Map<Integer, BigInteger> byCount = new TreeMap<>();
        cells.forEach((paths, ways) ->
                byCount.merge(paths.stream().mapToInt(path -> path).max().orElseThrow(), ways, BigInteger::add));
        return byCount;
    }

    /** In the order none, skip, two separable, two dilated, two pools; -1 of none. */
    private static int relus(int operation, boolean strided) {
        return switch (operation) {
            case 0 -> -1;
            case 1 -> strided ? 1 : 0;
            case 2, 3 -> 2;
            case 4, 5 -> 1;
            default -> 0;
        };
    }

    @Test
    void sizesOfTheEndsAreThoseByHand() {
        // No ReLU: four of eight operations on an edge, three on one that halves; not none on all edges into a node.
        long shallowNormal = (16 - 1) * (64 - 1) * (256 - 1) * (1024 - 1L);
        long shallowReduction = (9 - 1) * (36 - 1) * (144 - 1) * (576 - 1L);
        assertThat(space.sizes().get(0))
                .isEqualTo(BigInteger.valueOf(shallowNormal).multiply(BigInteger.valueOf(shallowReduction)));
        // Eight in a row: a separable convolution into node 2, and one on each edge to the next node.
        long deep = (64 - 36) * (2 * 64) * (2 * 512) * (2 * 4096L);
        assertThat(space.sizes().get(16)).isEqualTo(BigInteger.valueOf(deep).pow(2));
        // All architectures but those in which none is on all edges into a node.
        BigInteger all = BigInteger.ONE;
        for (int node = 2; node < 6; node++) {
            all = all.multiply(BigInteger.valueOf(8).pow(node).subtract(BigInteger.ONE));
        }
        assertThat(space.sizes().values().stream().reduce(BigInteger.ZERO, BigInteger::add))
                .isEqualTo(all.pow(2));
        assertThat(Enumeration.size(space)).isEqualTo(BigInteger.valueOf(8).pow(28));
    }

    @Test
    void countsOfDrawsAreInProportionToSizes() {
        int draws = 40_000;
        SplittableRandom random = new SplittableRandom(3);
        Map<Integer, Integer> times = new HashMap<>();
        for (int draw = 0; draw < draws; draw++) {
            Architecture drawn = MaskSubspace.whole(space).sample(random);
            times.merge(space.nonlinearities(drawn), 1, Integer::sum);
        }
        BigInteger all = space.sizes().values().stream().reduce(BigInteger.ZERO, BigInteger::add);

        space.sizes()
                .forEach((count, size) -> assertShare(
                        times.getOrDefault(count, 0),
                        draws,
                        new BigDecimal(size)
                                .divide(new BigDecimal(all), MathContext.DECIMAL64)
                                .doubleValue()));
    }

    @Property(tries = 200)
    void drawnArchitecturesHaveOneOfTheCounts(@ForAll long seed) {
        Random random = new Random(seed);
        List<Integer> all = List.copyOf(space.sizes().keySet());
        List<Integer> counts =
                all.stream().filter(any -> random.nextInt(4) == 0).toList();
        List<Integer> some = counts.isEmpty() ? List.of(all.get(random.nextInt(all.size()))) : counts;

        Architecture drawn = space.sample(some, new SplittableRandom(seed)).orElseThrow();

        assertThat(some).contains(space.nonlinearities(drawn));
        assertThat(space.connected(drawn)).isTrue();
        assertThat(space.parse(space.format(drawn))).isEqualTo(drawn);
    }

    /** The deepest ones, of which it is known by hand what is on each edge. */
    @Test
    void drawsOfAGroupAreUniform() {
        int draws = 40_000;
        int[][] times = new int[2 * EDGES][OPERATIONS];
        int[][] pairs = new int[OPERATIONS][OPERATIONS];
        SplittableRandom random = new SplittableRandom(5);
        for (int draw = 0; draw < draws; draw++) {
            Architecture drawn = space.sample(List.of(16), random).orElseThrow();
            for (int position = 0; position < times.length; position++) {
                times[position][drawn.choice(position)]++;
            }
            pairs[drawn.choice(0)][drawn.choice(1)]++;
        }

        List<Integer> separable = List.of(2, 3);
        // Edges 2-3, 3-4 and 4-5, in the order of the edges.
        List<Integer> chain = List.of(4, 8, 13);
        for (int position = 0; position < times.length; position++) {
            int edge = position % EDGES;
            for (int operation = 0; operation < OPERATIONS; operation++) {
                boolean its = separable.contains(operation);
                // Of 28 pairs on the edges into node 2, eight have a given separable convolution on one edge.
                double share = chain.contains(edge)
                        ? (its ? 0.5 : 0)
                        : edge < 2 ? (its ? 8.0 / 28 : 2.0 / 28) : 1.0 / OPERATIONS;
                assertShare(times[position][operation], draws, share);
            }
        }
        for (int first = 0; first < OPERATIONS; first++) {
            for (int second = 0; second < OPERATIONS; second++) {
                boolean deep = separable.contains(first) || separable.contains(second);
                assertShare(pairs[first][second], draws, deep ? 1.0 / 28 : 0);
            }
        }
    }

    /** Two counts whose groups are of different sizes, and small enough to differ from the rest of the space. */
    @Test
    void drawsOfTwoCountsAreInProportion() {
        int draws = 20_000;
        BigDecimal shallower = new BigDecimal(space.sizes().get(1));
        BigDecimal deeper = new BigDecimal(space.sizes().get(2));
        SplittableRandom random = new SplittableRandom(5);
        int[] times = new int[3];
        for (int draw = 0; draw < draws; draw++) {
            times[space.nonlinearities(space.sample(List.of(1, 2), random).orElseThrow())]++;
        }

        assertShare(
                times[1],
                draws,
                shallower.divide(shallower.add(deeper), MathContext.DECIMAL64).doubleValue());
        assertThat(Arrays.stream(times).sum()).isEqualTo(draws);
    }

    /** Within five standard deviations. */
    private static void assertShare(int times, int draws, double share) {
        double deviation = Math.sqrt(draws * share * (1 - share));
        assertThat((double) times).isBetween(draws * share - 5 * deviation - 1, draws * share + 5 * deviation + 1);
    }

    @Test
    void bothCellsAreDrawn() {
        assertThat(space.drawings(space.parse(V2)))
                .satisfiesExactly(
                        normal -> {
                            assertThat(normal.name()).isEqualTo("normal cell");
                            assertThat(normal.nodes()).containsExactly("in 0", "in 1", "2", "3", "4", "5", "out");
                            assertThat(normal.connections()).hasSize(8 + 4);
                            assertThat(normal.connections().get(0).operation()).isEqualTo("sep_conv_3x3");
                            assertThat(normal.connections().get(0).nonlinear()).isTrue();
                        },
                        reduction -> {
                            assertThat(reduction.name()).isEqualTo("reduction cell");
                            assertThat(reduction.connections().get(0).operation())
                                    .isEqualTo("max_pool_3x3");
                            assertThat(reduction.connections().get(0).nonlinear())
                                    .isFalse();
                            assertThat(reduction.connections().get(8).target()).isEqualTo(6);
                        });
    }
}
