package io.efsnas.driver.report.plot;

import static org.assertj.core.api.Assertions.assertThat;

import io.efsnas.driver.ranking.RankedSubnet;
import io.efsnas.driver.report.plot.AgreementMatrix.Shade;
import io.efsnas.driver.rule.MeasuredSubnet;
import io.efsnas.space.Architecture;
import io.efsnas.space.Enumeration;
import io.efsnas.space.nasbench201.NasBench201Space;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AgreementMatrixTest {

    private static final List<Architecture> ARCHITECTURES =
            Enumeration.connected(new NasBench201Space()).limit(3).toList();

    /** The loss, of which less is better, agrees with the score in two of three pairs. */
    @Test
    void columnsAgreeByTau() {
        AgreementMatrix matrix = AgreementMatrix.of(List.of(
                subnet(0, 3, List.of("loss", "flops", "zen"), List.of(0.2, 5.0, 1.0)),
                subnet(1, 2, List.of("loss", "flops", "zen"), List.of(0.1, 6.0, 1.0)),
                subnet(2, 1, List.of("loss", "flops", "zen"), List.of(0.3, 7.0, 1.0))));

        Shade same = new Shade("1.00", 100, false);
        Shade undefined = new Shade("\u2013", 0, false);
        assertThat(matrix.names()).containsExactly("Score", "Loss", "FLOPs", "Zen");
        assertThat(matrix.rows())
                .containsExactly(
                        List.of(same, new Shade("0.33", 33, false), new Shade("-1.00", 100, true), undefined),
                        List.of(new Shade("0.33", 33, false), same, new Shade("-0.33", 33, true), undefined),
                        List.of(new Shade("-1.00", 100, true), new Shade("-0.33", 33, true), same, undefined),
                        List.of(undefined, undefined, undefined, undefined));
    }

    @Test
    void hasRoomForTheScoreAndElevenColumns() {
        List<String> columns =
                IntStream.range(0, 20).mapToObj(i -> "measure" + i).toList();

        AgreementMatrix matrix = AgreementMatrix.of(List.of(subnet(0, 1, columns, Collections.nCopies(20, 1.0))));

        assertThat(matrix.names()).hasSize(12).startsWith("Score", "Measure0").endsWith("Measure10");
        assertThat(matrix.rows()).hasSize(12).allMatch(row -> row.size() == 12);
    }

    private static RankedSubnet subnet(int architecture, double score, List<String> columns, List<Double> values) {
        return new RankedSubnet(new MeasuredSubnet(ARCHITECTURES.get(architecture), "0", columns, values), score);
    }
}
