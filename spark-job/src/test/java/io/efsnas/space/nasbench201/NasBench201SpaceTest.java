package io.efsnas.space.nasbench201;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.efsnas.network.ModelSize;
import io.efsnas.network.Network;
import io.efsnas.network.Shape;
import io.efsnas.space.Architecture;
import io.efsnas.space.CellGraph;
import io.efsnas.space.Enumeration;
import io.efsnas.split.CountSubspace;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NasBench201SpaceTest {

    private static final String BEST_ON_CIFAR10 =
            "|nor_conv_3x3~0|+|nor_conv_3x3~0|nor_conv_3x3~1|+|skip_connect~0|nor_conv_3x3~1|nor_conv_3x3~2|";

    private static final Pattern EDGE = Pattern.compile("(\\w+)~(\\d)");

    private final NasBench201Space space = new NasBench201Space();

    @Test
    void everyArchitectureSurvivesItsTextForm() {
        Set<String> texts = new HashSet<>();
        Enumeration.of(space).forEach(architecture -> {
            String text = space.format(architecture);
            assertThat(space.parse(text)).isEqualTo(architecture);
            texts.add(text);
        });
        assertThat(texts).hasSize(15_625);
        assertThat(Enumeration.size(space)).isEqualTo(15_625);
    }

    @Test
    void textListsTheEdgesByTheirTarget() {
        Architecture architecture =
                space.parse("|none~0|+|skip_connect~0|nor_conv_1x1~1|+|nor_conv_3x3~0|avg_pool_3x3~1|none~2|");

        assertThat(architecture).isEqualTo(Architecture.of(0, 1, 2, 3, 4, 0));
    }

    @Test
    void parseIgnoresWhitespaceAroundTheText() {
        assertThat(space.format(space.parse("  " + BEST_ON_CIFAR10 + "\r\n"))).isEqualTo(BEST_ON_CIFAR10);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "|",
                "none",
                "|none~0|none~0|none~1|none~0|none~1|none~2|",
                "|none~0|+|none~0|none~1|",
                "|none~0|+|none~0|none~1|+|none~0|none~1|",
                "|none~0|+|none~0|none~1|+|none~0|none~1|none~2",
                "none~0|+|none~0|none~1|+|none~0|none~1|none~2|",
                "|none~0|+|none~0|none~1|+|none~0|none~1|none~2|+",
                "|none~0|+|none~0|none~1|+|none~0|none~1|none~2||none~0|",
                "|none~1|+|none~0|none~1|+|none~0|none~1|none~2|",
                "|none~0|+|none~1|none~0|+|none~0|none~1|none~2|",
                "|none~0|+|none~0|none~1|+|none~0|none~1|none~3|",
                "|none|+|none~0|none~1|+|none~0|none~1|none~2|",
                "|~0|+|none~0|none~1|+|none~0|none~1|none~2|",
                "|none ~0|+|none~0|none~1|+|none~0|none~1|none~2|",
                "|none~0| + |none~0|none~1|+|none~0|none~1|none~2|",
                "|nor_conv_5x5~0|+|none~0|none~1|+|none~0|none~1|none~2|",
                "|None~0|+|none~0|none~1|+|none~0|none~1|none~2|",
                "|none~0|+|none~0|none~1|+|none~0|none~1|CONVOLUTION_3X3~2|",
            })
    void malformedTextIsRefused(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> space.parse(text))
                .withMessageContaining("'" + text + "'")
                .withMessageContaining(
                        "expected |op~0|+|op~0|op~1|+|op~0|op~1|op~2| with op one of none, skip_connect, "
                                + "nor_conv_1x1, nor_conv_3x3, avg_pool_3x3");
    }

    @Test
    void unknownOperationIsNamed() {
        assertThatThrownBy(() -> space.parse("|none~0|+|none~0|none~1|+|none~0|nor_conv_7x7~1|none~2|"))
                .hasMessageStartingWith("unknown operation 'nor_conv_7x7'");
    }

    @Test
    void countsOfTheWholeSpaceAreThePublishedOnes() {
        Map<Integer, Long> byCount =
                Enumeration.of(space).collect(Collectors.groupingBy(space::nonlinearities, Collectors.counting()));

        assertThat(byCount).isEqualTo(Map.of(0, 1_983L, 1, 7_122L, 2, 5_520L, 3, 1_000L));
        assertThat(Enumeration.of(space).filter(architecture -> !space.connected(architecture)))
                .hasSize(341)
                .allMatch(architecture -> space.nonlinearities(architecture) == 0);
        assertThat(space.sizes())
                .isEqualTo(Map.of(
                        0,
                        BigInteger.valueOf(1_983 - 341),
                        1,
                        BigInteger.valueOf(7_122),
                        2,
                        BigInteger.valueOf(5_520),
                        3,
                        BigInteger.valueOf(1_000)));
    }

    @Test
    void countsAreThoseOfTheLongestPathThroughTheCell() {
        Enumeration.of(space).forEach(architecture -> {
            String text = space.format(architecture);
            List<Integer> convolutions = convolutionsOfPaths(text);
            assertThat(space.connected(architecture)).as(text).isEqualTo(!convolutions.isEmpty());
            assertThat(space.nonlinearities(architecture))
                    .as(text)
                    .isEqualTo(convolutions.stream().max(Integer::compare).orElse(0));
        });
    }

    /** The convolutions on each path of the cell without a {@code none}, from the text alone. */
    private static List<Integer> convolutionsOfPaths(String text) {
        Map<String, String> operations = new HashMap<>();
        String[] nodes = text.split("\\+", -1);
        for (int target = 1; target <= 3; target++) {
            Matcher edge = EDGE.matcher(nodes[target - 1]);
            while (edge.find()) {
                operations.put(edge.group(2) + target, edge.group(1));
            }
        }
        List<Integer> counts = new ArrayList<>();
        for (String path : List.of("03", "01 13", "02 23", "01 12 23")) {
            List<String> along =
                    Arrays.stream(path.split(" ", -1)).map(operations::get).toList();
            if (!along.contains("none")) {
                counts.add((int) along.stream()
                        .filter(operation -> operation.startsWith("nor_conv"))
                        .count());
            }
        }
        return counts;
    }

    @Test
    void cellHasAConnectionForEachOperationButNone() {
        List<CellGraph> drawings = space.drawings(
                space.parse("|nor_conv_3x3~0|+|nor_conv_1x1~0|none~1|+|skip_connect~0|none~1|avg_pool_3x3~2|"));

        assertThat(drawings)
                .containsExactly(new CellGraph(
                        "cell",
                        List.of("in", "1", "2", "out"),
                        List.of(
                                new CellGraph.Connection(0, 1, "nor_conv_3x3", true, false),
                                new CellGraph.Connection(0, 2, "nor_conv_1x1", true, true),
                                new CellGraph.Connection(0, 3, "skip_connect", false, true),
                                new CellGraph.Connection(2, 3, "avg_pool_3x3", false, true))));
    }

    @Test
    void cellRefusesConnectionsThatDoNotGoForward() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new CellGraph(
                        "cell",
                        List.of("in", "1", "out"),
                        List.of(new CellGraph.Connection(2, 2, "loop", false, true))))
                .withMessageStartingWith("a cell of the nodes [in, 1, out] cannot have the connection ");
    }

    @Test
    void liveArchitecturesHaveTheNetworksOfThoseTheyStandFor() {
        ModelSize size = new ModelSize(2, 1, new Shape(1, 4, 4), 2);
        Map<Architecture, List<Network.Node>> networks = new HashMap<>();
        Enumeration.connected(space).forEach(architecture -> {
            List<Network.Node> nodes = space.network(architecture, size).nodes();
            Architecture live = space.live(architecture);
            assertThat(space.network(live, size).nodes()).isEqualTo(nodes);
            networks.put(live, nodes);
        });

        assertThat(networks).hasSize(9_444);
    }

    @Test
    void samplesAreUniformOverTheConnectedArchitecturesOfTheCounts() {
        SplittableRandom random = new SplittableRandom(1);
        Map<Architecture, Long> drawn = Stream.generate(() -> new CountSubspace(space, List.of(3)).sample(random))
                .limit(20_000)
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));

        // 1,000 architectures have three; each is drawn 20 times on average, with a standard deviation of 4.5.
        assertThat(drawn).hasSize(1_000);
        assertThat(drawn.values()).allMatch(times -> times < 50);
    }
}
