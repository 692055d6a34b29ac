package io.efsnas.driver.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.efsnas.driver.benchmark.CorrelationReport.Agreement;
import io.efsnas.driver.ranking.ScoredSubnet;
import io.efsnas.space.Architecture;
import io.efsnas.space.NasBench201Space;
import io.efsnas.space.SearchSpace;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CorrelationReportTest {

    private static final SearchSpace SPACE = new NasBench201Space();
    private static final List<Architecture> ARCHITECTURES =
            SPACE.architectures().filter(SPACE::connected).limit(8).toList();

    @TempDir
    private java.nio.file.Path directory;

    private FileSystem files;

    @BeforeEach
    void locate() throws IOException {
        files = FileSystem.getLocal(new Configuration());
    }

    @Test
    void comparesOverallAndInEachSubspace() throws IOException {
        CorrelationReport report = CorrelationReport.of(
                List.of(
                        prediction(0, 0, 0.1),
                        prediction(1, 0, 0.2),
                        prediction(2, 1, 0.3),
                        prediction(3, 1, 0.4),
                        prediction(4, 1, 0.5),
                        prediction(5, 2, 0.05),
                        prediction(7, 2, 0.99)),
                benchmark(50, 60, 90, 80, 70, 40, 94.37));

        // Of the 15 pairs, 12 are in the same order and 3 are not; the last has no true accuracy.
        assertThat(report.overall().architectures()).isEqualTo(6);
        assertThat(report.overall().correlation().kendallTau()).isEqualTo((12 - 3) / 15.0);
        assertThat(report.overall().accuracyOfFirst()).isEqualTo(70);
        assertThat(report.subspaces())
                .isEqualTo(Map.of(
                        0, new Agreement(2, new Correlation(1, 1), 60),
                        1, new Agreement(3, new Correlation(-1, -1), 70),
                        2, new Agreement(1, new Correlation(Double.NaN, Double.NaN), 40)));
        assertThat(report.bestAccuracy()).isEqualTo(94.37);
        assertThat(report.notRanked()).isEqualTo(1);
    }

    @Test
    void firstListedIsTheFirstOfEquals() throws IOException {
        CorrelationReport report = CorrelationReport.of(
                List.of(prediction(0, 0, 0.1), prediction(2, 0, 0.5), prediction(1, 0, 0.5)), benchmark(50, 60, 70));

        assertThat(report.overall().accuracyOfFirst()).isEqualTo(70);
    }

    @Test
    void isAnAlignedTable() throws IOException {
        CorrelationReport report = CorrelationReport.of(
                List.of(prediction(0, 0, 0.1), prediction(1, 0, 0.2), prediction(2, 1, 0.15)),
                benchmark(50, 60, 55.5, 94.37));

        assertThat(report.toText().lines())
                .containsExactly(
                        "              architectures  Kendall's tau  Spearman's rho  true accuracy of the first",
                        "all                       3         1.0000          1.0000                     60.00 %",
                        "subspace 0                2         1.0000          1.0000                     60.00 %",
                        "subspace 1                1              -               -                     55.50 %",
                        "best accuracy in the benchmark: 94.37 %",
                        "architectures of the benchmark not ranked: 1");
    }

    @Test
    void nothingInCommonIsRefused() throws IOException {
        TabularBenchmark benchmark = benchmark(50, 60);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> CorrelationReport.of(List.of(prediction(5, 0, 0.1)), benchmark))
                .withMessage("none of the 1 scored architectures is among the 2 of the benchmark table");
    }

    @Test
    void predictionOfAScoredSubnetIsItsAccuracyAndSubspace() {
        assertThat(Prediction.of(new ScoredSubnet(ARCHITECTURES.get(3), 2, 1, 0.5, 1, 1, 1)))
                .isEqualTo(prediction(3, 2, 0.5));
    }

    @Test
    void predictionsAreReadByTheNamesOfTheColumns() throws IOException {
        String second = SPACE.format(ARCHITECTURES.get(1));

        assertThat(predictions("rank,accuracy,subspace,architecture\n1,0.5,2," + second + "\n"))
                .containsExactly(prediction(1, 2, 0.5));
        assertThat(predictions("architecture,accuracy\n" + second + ",71.5\n"))
                .containsExactly(new Prediction(ARCHITECTURES.get(1), OptionalInt.empty(), 71.5));
    }

    @Test
    void withoutSubspacesOnlyTheWholeIsCompared() throws IOException {
        List<Prediction> predictions =
                predictions("architecture,accuracy\n" + SPACE.format(ARCHITECTURES.get(0)) + ",71.5\n");

        CorrelationReport report = CorrelationReport.of(predictions, benchmark(50));

        assertThat(report.overall().architectures()).isEqualTo(1);
        assertThat(report.subspaces()).isEmpty();
    }

    @Test
    void badPredictionIsNamedByFileAndLine() {
        String first = SPACE.format(ARCHITECTURES.get(0));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> predictions("architecture,accuracy\n" + first + ",NaN\n"))
                .withMessage(path("scores.csv") + ", line 2: accuracy must be finite, not NaN");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> predictions("architecture,accuracy\n" + first + ",1\n" + first + ",2\n"))
                .withMessage(path("scores.csv") + ", line 3: " + first + " is listed twice");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> predictions("architecture,accuracy,subspace\n" + first + ",1,a\n"))
                .withMessage(path("scores.csv") + ", line 2: subspace must be a whole number, not 'a'");
    }

    private static Prediction prediction(int architecture, int subspace, double accuracy) {
        return new Prediction(ARCHITECTURES.get(architecture), OptionalInt.of(subspace), accuracy);
    }

    private TabularBenchmark benchmark(double... accuracies) throws IOException {
        StringBuilder csv = new StringBuilder("architecture,test_accuracy\n");
        for (int i = 0; i < accuracies.length; i++) {
            csv.append(SPACE.format(ARCHITECTURES.get(i)))
                    .append(',')
                    .append(accuracies[i])
                    .append('\n');
        }
        Files.writeString(directory.resolve("table.csv"), csv);
        return TabularBenchmark.read(files, path("table.csv"), SPACE);
    }

    private List<Prediction> predictions(String csv) throws IOException {
        Files.writeString(directory.resolve("scores.csv"), csv);
        return Prediction.read(files, path("scores.csv"), SPACE);
    }

    private Path path(String name) {
        return new Path(directory.toUri().toString(), name);
    }
}
