package io.efsnas.driver.report.plot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import io.efsnas.driver.ranking.RankedSubnet;
import io.efsnas.driver.ranking.Subnets;
import io.efsnas.driver.report.plot.Plot.Point;
import io.efsnas.driver.run.NodeRecord;
import io.efsnas.job.RoundReport;
import io.efsnas.job.TaskPlace;
import io.efsnas.space.Architecture;
import io.efsnas.space.CellGraph;
import io.efsnas.space.SearchSpace;
import io.efsnas.space.SearchSpaces;
import io.efsnas.training.RoundMetrics;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the figures of a report show. */
class PlotsTest {

    private static final Plot PLOT = new Plot(new Axis("", 0, 10), new Axis("", 0, 100));

    @Test
    void lineIsInterruptedWhereThereIsNoValue() {
        assertThat(PLOT.line(List.of(
                        new Point(0, 0),
                        new Point(5, 100),
                        new Point(6, Double.NaN),
                        new Point(7, 50),
                        new Point(8, 25))))
                .isEqualTo("M0.0 1000.0L500.0 0.0M700.0 500.0L800.0 750.0");
    }

    @Test
    void dotsOnOnePlaceAreDrawnOnce() {
        assertThat(PLOT.dots(List.of(
                        new Point(5, 100), new Point(5.001, 99.99), new Point(1, Double.NaN), new Point(7, 50))))
                .isEqualTo("M500 0h0M700 500h0");
    }

    @Test
    void coloursKeepTheOrderOfTheSubspaces() {
        Legend legend = legend("0,1", "2", "3");

        assertThat(List.of(legend.colour("0"), legend.colour("1"), legend.colour("2")))
                .containsExactly(0, 3, 5)
                .containsExactly(legend.colour(0), legend.colour(1), legend.colour(2));
        assertThat(legend("0,1,2,3").colour("0")).isZero();
        assertThat(legend.colour("root")).isEqualTo(Legend.NEUTRAL);
    }

    @Test
    void supernetsAreNamedWithTheirSubspaces() {
        assertThat(legend("0,1", "2").label("0")).isEqualTo("supernet 0: subspace 0,1");
        assertThat(legend("0,1", "2").label("1")).isEqualTo("supernet 1: subspace 2");
        assertThat(legend("0,1", "2").label("root")).isEqualTo("supernet root: subspace all");
    }

    /** Of a supernet for each of these subspaces that comes of one for all. */
    private static Legend legend(String... subspaces) {
        NodeRecord root =
                new NodeRecord("root", null, "all", BigInteger.TEN, subspaces.length, 1, 1, 1, null, null, null);
        List<NodeRecord> leaves = IntStream.range(0, subspaces.length)
                .mapToObj(leaf -> new NodeRecord(
                        Integer.toString(leaf), "root", subspaces[leaf], BigInteger.ONE, 1, 1, 1, 1, null, null, null))
                .toList();
        return new Legend(Stream.concat(Stream.of(root), leaves.stream()).toList(), leaves);
    }

    @Test
    void nothingIsCheaperAndMoreAccurateThanTheFront() {
        SplittableRandom random = new SplittableRandom(3);
        List<RankedSubnet> ranking = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            ranking.add(subnet(i, i % 4, random.nextInt(20) / 20.0, random.nextInt(1, 30)));
        }

        List<RankedSubnet> front =
                RankingPlots.of(ranking, legend("0,1", "2,3")).front();

        // By definition, of those alike in both the first.
        List<RankedSubnet> expected = ranking.stream()
                .filter(one -> ranking.stream().noneMatch(better -> dominates(better, one)))
                .filter(one -> ranking.stream()
                        .filter(other -> other.value("flops") == one.value("flops") && other.score() == one.score())
                        .findFirst()
                        .orElseThrow()
                        .equals(one))
                .toList();
        assertThat(front).containsExactlyInAnyOrderElementsOf(expected);
        assertThat(front).extracting(subnet -> subnet.value("flops")).isSorted();
    }

    private static boolean dominates(RankedSubnet better, RankedSubnet worse) {
        return better.value("flops") <= worse.value("flops")
                && better.score() >= worse.score()
                && (better.value("flops") < worse.value("flops") || better.score() > worse.score());
    }

    @Test
    void boxesHaveTheQuantilesOfEachCount() {
        List<RankedSubnet> ranking = new ArrayList<>();
        for (int i = 0; i <= 18; i++) {
            ranking.add(subnet(i, 3, i / 20.0, 1));
        }
        ranking.add(subnet(19, 1, 0.5, 1));

        RankingPlots plots = RankingPlots.of(ranking, legend("0,1", "2,3"));

        // The i-th of n values is the i/(n + 1) quantile.
        assertThat(plots.boxes())
                .containsExactly(
                        new RankingPlots.Box(1, 0, 1, 50, 50, 50, 50, 50, 50),
                        new RankingPlots.Box(3, 5, 19, 0, 20, 45, 70, 90, 90));
    }

    private static RankedSubnet subnet(int choice, int count, double accuracy, long flops) {
        return Subnets.subnet(Architecture.of(choice), Integer.toString(count / 2), count, accuracy, 1, flops, 1);
    }

    @Test
    void roundsOfOneDeviceThatOverlapHaveLanesOfTheirOwn() {
        Timeline timeline = Timeline.of(
                List.of(
                        round("b", "1", 1_000_000, 20),
                        round("a", "0", 1_005_000, 10),
                        round("a", "1", 1_010_000, 30),
                        round("a", "0", 1_020_000, 5)),
                legend("0,1", "2,3"));

        assertThat(timeline.time()).isEqualTo(new Axis("time (seconds)", 0, 40));
        assertThat(timeline.lanes())
                .extracting(Timeline.Lane::place)
                .containsExactly("a · 1 · cpu · task 1", "a · 1 · cpu · task 2", "b · 1 · cpu");
        assertThat(timeline.lanes().get(0).bars())
                .extracting(Timeline.Bar::start, Timeline.Bar::length, Timeline.Bar::colour)
                .containsExactly(tuple(125.0, 250.0, 0), tuple(500.0, 125.0, 0));
        assertThat(timeline.lanes().get(1).bars()).hasSize(1);
    }

    @Test
    void longTimelinesAreInLargerUnits() {
        assertThat(Timeline.of(List.of(round("a", "0", 0, 3_000)), legend("0")).time())
                .isEqualTo(new Axis("time (minutes)", 0, 50));
        assertThat(Timeline.of(List.of(round("a", "0", 0, 36_000)), legend("0")).time())
                .isEqualTo(new Axis("time (hours)", 0, 10));
    }

    @Test
    void eachSupernetHasACurve() {
        RoundReport warmStart = round("a", "root", 0, 10);
        TrainingCurves curves = TrainingCurves.of(List.of(round("a", "1", 0, 10), warmStart), legend("0", "1"));

        assertThat(curves.losses())
                .extracting(Plot.Series::label, Plot.Series::colour)
                .containsExactly(
                        tuple("supernet root: subspace all", Legend.NEUTRAL), tuple("supernet 1: subspace 1", 5));
        // Ten steps of the warm start are five of each of the two supernets.
        assertThat(curves.accuracies().get(0).path()).startsWith("M500.0 500.0");
        assertThat(curves.accuracies().get(1).path()).startsWith("M500.0 500.0L1000.0 500.0");
    }

    @Test
    void theCurveOfASupernetThatBeganAnewDoesNotGoOnFromItsParents() {
        NodeRecord root = new NodeRecord("root", null, "all", BigInteger.TEN, 1, 1, 1, 1, null, null, null);
        NodeRecord anew = new NodeRecord("0", "root", "0,1", BigInteger.ONE, 1, 1, 1, 1, null, null, true);
        TrainingCurves curves = TrainingCurves.of(
                List.of(
                        round("a", "root", 0, 10),
                        round("a", new RoundMetrics("0", 10, 20, 1, 0.5, 80, 10, 1, 0, 0, 0), 0)),
                new Legend(List.of(root, anew), List.of(anew)));

        assertThat(curves.accuracies().get(1).path())
                .startsWith("M1000.0 500.0")
                .doesNotContain("L");
    }

    /** Its curve ends where it took its last step, after 14 of 20. */
    @Test
    void roundsWithoutStepsAreNoPointsOfACurve() {
        TrainingCurves curves = TrainingCurves.of(
                List.of(
                        round("a", new RoundMetrics("0", 0, 10, 1, 0.5, 80, 10, 1, 0, 0, 0), 0),
                        round("a", new RoundMetrics("0", 10, 20, 2, 0.5, 80, 10, 1, 0, 0, 6), 0),
                        round("a", new RoundMetrics("0", 20, 30, Double.NaN, Double.NaN, 0, 0, 0, 0, 0, 10), 0)),
                legend("0"));

        assertThat(curves.loss().x()).isEqualTo(new Axis("optimizer steps of a supernet", 0, 14));
        assertThat(curves.accuracies().get(0).path())
                .startsWith("M714.3 500.0L1000.0 500.0")
                .doesNotContain("NaN");
    }

    private static RoundReport round(String host, String node, long begun, double seconds) {
        return round(host, new RoundMetrics(node, 0, 10, 1, 0.5, 80, 10, seconds, 0, 0, 0), begun);
    }

    private static RoundReport round(String host, RoundMetrics metrics, long begun) {
        return new RoundReport(0, begun, metrics, new TaskPlace(host, "1", "cpu"), "vector", 1, false, 0, 1, List.of());
    }

    @Test
    void evolutionShowsTheBestSoFar() {
        EvolutionPlot evolution = EvolutionPlot.of(
                List.of(new Candidate(1, 20), new Candidate(1, 40), new Candidate(2, 30), new Candidate(3, 60)),
                "Accuracy (%)");

        double four = evolution.plot().y(40);
        double six = evolution.plot().y(60);
        assertThat(evolution.best()).matches("M[0-9.]+ %.1fL[0-9.]+ %.1fL[0-9.]+ %.1f".formatted(four, four, six));
        assertThat(evolution.candidates().chars().filter(c -> c == 'M')).hasSize(4);
    }

    @Test
    void arcsOfACellRiseWithTheirSpan() {
        CellDrawing drawing = CellDrawing.of(new CellGraph(
                "cell",
                List.of("in", "1", "2", "out"),
                List.of(
                        new CellGraph.Connection(0, 1, "a", true, true),
                        new CellGraph.Connection(0, 2, "b", false, true),
                        new CellGraph.Connection(0, 3, "c", false, true),
                        new CellGraph.Connection(1, 3, "d", false, false))));

        assertThat(drawing.nodes()).extracting(CellDrawing.Node::label).containsExactly("in", "1", "2", "out");
        List<Double> labels =
                drawing.arrows().stream().map(CellDrawing.Arrow::labelY).toList();
        assertThat(labels.get(2)).isLessThan(labels.get(1)).isPositive();
        assertThat(labels.get(1)).isLessThan(labels.get(0));
        assertThat(labels.get(3)).isGreaterThan(labels.get(0)).isLessThan(drawing.height());
        assertThat(drawing.arrows().get(0).labelX())
                .isCloseTo((drawing.nodes().get(0).x() + drawing.nodes().get(1).x()) / 2, within(1e-9));
    }

    @Test
    void boxesOfAStripShowKernelsAndExpansions() {
        SearchSpace space = SearchSpaces.named("mobilenet");
        String text = "k3e3 id id id k5e6 id id id k7e3 id id id k3e6 id id id k5e3 k3e3 id id k7e6";
        ChainDrawing drawing = ChainDrawing.of(space.chain(space.parse(text)));

        List<ChainDrawing.Box> boxes = drawing.boxes();
        assertThat(boxes).extracting(ChainDrawing.Box::operation).containsExactly(text.split(" "));
        assertThat(drawing.stages())
                .extracting(ChainDrawing.Label::text)
                .containsExactly("stage 1", "stage 2", "stage 3", "stage 4", "stage 5", "stage 6");
        assertThat(boxes.get(1).height()).isZero();
        assertThat(boxes.get(8).width()).isGreaterThan(boxes.get(4).width());
        assertThat(boxes.get(4).height()).isEqualTo(2 * boxes.get(8).height());
        for (int i = 0; i < boxes.size(); i++) {
            ChainDrawing.Box box = boxes.get(i);
            assertThat(box.y() + box.height() / 2).isEqualTo(drawing.middle());
            assertThat(box.y()).isNotNegative();
            double end = box.x() + box.width();
            double next = i + 1 < boxes.size() ? boxes.get(i + 1).x() : drawing.width();
            assertThat(next - end).isBetween(6.0, 22.0);
        }
    }
}
