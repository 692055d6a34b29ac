package io.efsnas.driver.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.efsnas.driver.process.UserMistake;
import io.efsnas.driver.ranking.RankedSubnet;
import io.efsnas.driver.rule.MeasuredSubnet;
import io.efsnas.driver.run.RunDirectory;
import io.efsnas.driver.statistics.Correlation;
import io.efsnas.space.Architecture;
import io.efsnas.space.Enumeration;
import io.efsnas.space.SearchSpace;
import io.efsnas.space.nasbench201.NasBench201Space;
import java.io.IOException;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CorrelationReportTest {

    private static final SearchSpace SPACE = new NasBench201Space();
    private static final List<Architecture> ARCHITECTURES =
            Enumeration.connected(SPACE).limit(8).toList();

    @TempDir
    private java.nio.file.Path directory;

    private FileSystem files;

    @BeforeEach
    void locate() throws IOException {
        files = FileSystem.getLocal(new Configuration());
    }

    @Test
    void judgesPredictorsOverallAndInEachSubspace() throws IOException {
        List<RankedSubnet> predictions = List.of(
                prediction(0, 0, 0.1),
                prediction(7, 2, 0.99),
                prediction(1, 0, 0.2),
                prediction(2, 1, 0.3),
                prediction(3, 1, 0.4),
                prediction(4, 1, 0.5),
                prediction(5, 2, 0.05));
        Map<String, double[]> predictors = Map.of(
                "accuracy",
                predictions.stream().mapToDouble(RankedSubnet::score).toArray());

        CorrelationReport report =
                CorrelationReport.of(predictions, predictors, benchmark(50, 60, 90, 80, 70, 40, 94.37));

        // Of the 15 pairs, 12 are in the same order and 3 are not; the prediction for 7 has no true accuracy.
        PredictorQuality accuracy = report.predictors().get(0);
        assertThat(accuracy.all().overall().architectures()).isEqualTo(6);
        assertThat(accuracy.all().overall().kendallTau()).isEqualTo((12 - 3) / 15.0);
        assertThat(accuracy.all().subspaces())
                .isEqualTo(Map.of(
                        "0", new Correlation(2, 1, 1),
                        "1", new Correlation(3, -1, -1),
                        "2", new Correlation(1, Double.NaN, Double.NaN)));
        assertThat(report.first()).isEqualTo(predictions.get(5));
        assertThat(report.accuracyOfFirst())
                .isEqualTo(70)
                .isEqualTo(accuracy.first().accuracy());
        assertThat(report.regret())
                .isEqualTo(90 - 70)
                .isEqualTo(accuracy.first().regret());
        assertThat(report.bestCompared()).isEqualTo(90);
        assertThat(report.benchmark().best()).isEqualTo(94.37);
        assertThat(report.notRanked()).isEqualTo(1);
        assertThat(report.missing()).isEqualTo(new CorrelationReport.Missing(1, 7, true, Optional.empty()));
    }

    @Test
    void saysWhatTheBenchmarkDoesNotHave() throws IOException {
        List<RankedSubnet> predictions = List.of(prediction(0, 0, 0.1), prediction(1, 0, 0.2), prediction(6, 0, 0.9));

        CorrelationReport first = CorrelationReport.of(
                predictions,
                Map.of("accuracy", new double[] {0.1, 0.2, 0.9}),
                benchmark(50, 60),
                Optional.of(ARCHITECTURES.get(6)));

        assertThat(first.toText(SPACE).lines())
                .contains("ranked first of those in the benchmark: " + SPACE.format(ARCHITECTURES.get(1))
                        + ", true accuracy 60.00 %, regret 0.00 %")
                .contains("ranked architectures not in the benchmark: 1 of 3, the one ranked first and the selected one"
                        + " among them");
        new RunDirectory(directory.toString(), new Configuration()).write(first.toRecord(SPACE));
        JsonNode json = new ObjectMapper()
                .readTree(directory.resolve("correlation.json").toFile());
        assertThat(json.path("notInBenchmark").asInt()).isEqualTo(1);
        assertThat(json.path("ranked").asInt()).isEqualTo(3);
        assertThat(json.path("firstNotInBenchmark").asBoolean()).isTrue();
        assertThat(json.path("selectedNotInBenchmark").asBoolean()).isTrue();
        assertThat(CorrelationReport.of(
                                predictions,
                                Map.of("accuracy", new double[] {0.1, 0.2, 0.9}),
                                benchmark(50, 60),
                                Optional.of(ARCHITECTURES.get(0)))
                        .missing())
                .isEqualTo(new CorrelationReport.Missing(1, 3, true, Optional.of(false)));
    }

    @Test
    void firstListedIsTheFirstOfEqualScores() throws IOException {
        CorrelationReport report = CorrelationReport.of(
                List.of(prediction(0, 0, 0.1), prediction(2, 0, 0.5), prediction(1, 0, 0.5)),
                Map.of(),
                benchmark(50, 60, 70));

        assertThat(report.accuracyOfFirst()).isEqualTo(70);
    }

    @Test
    void scoreAndNotAccuracyDecidesWhatIsRankedFirst() throws IOException {
        List<RankedSubnet> predictions = predictions("architecture,accuracy,score\n"
                + SPACE.format(ARCHITECTURES.get(0)) + ",0.5,-2\n" + SPACE.format(ARCHITECTURES.get(1)) + ",0.4,-1\n");

        assertThat(CorrelationReport.of(predictions, Map.of(), benchmark(50, 60))
                        .accuracyOfFirst())
                .isEqualTo(60);
    }

    @Test
    void isAlignedTables() throws IOException {
        List<RankedSubnet> predictions = List.of(prediction(1, 0, 0.2), prediction(0, 0, 0.1), prediction(2, 1, 0.15));
        Map<String, double[]> predictors = new LinkedHashMap<>();
        predictors.put("accuracy", new double[] {0.2, 0.1, 0.15});
        predictors.put("count", new double[] {1, 1, 0});
        predictors.put("ntk-smallest-eigenvalue", new double[] {2, 2, 2});

        CorrelationReport report = CorrelationReport.of(predictions, predictors, benchmark(50, 60, 55.5, 94.37));

        assertThat(report.toText(SPACE).lines())
                .allMatch(line -> line.length() <= 120)
                .containsExactly(
                        "                                                        sparse    tau in    tau in    tau in"
                                + "  regret  regret  best of 10",
                        "predictor                   tau  95 % interval     rho     tau  top half  top 10 %   top 1 %"
                                + "   first   of 10  percentile",
                        "accuracy                  1.000   1.000  1.000   1.000   1.000     1.000         -         -"
                                + "    0.00    0.00      100.00",
                        "count                     0.000  -1.000  1.000   0.000   0.000     1.000         -         -"
                                + "    5.00    0.00      100.00",
                        "ntk-smallest-eigenvalue       -       constant       -       -  constant         -         -"
                                + "    4.83    0.00      100.00",
                        "architectures                 3                                        2         1         1",
                        "",
                        "tau in the subspace of each supernet",
                        "                         supernet  supernet",
                        "predictor                       0         1",
                        "accuracy                    1.000         -",
                        "count                    constant         -",
                        "ntk-smallest-eigenvalue  constant         -",
                        "architectures                   2         1",
                        "",
                        "ranked first: " + SPACE.format(ARCHITECTURES.get(1))
                                + ", true accuracy 60.00 %, regret 0.00 %",
                        "best accuracy in the benchmark: 94.37 %",
                        "architectures of the benchmark not ranked: 1");
    }

    @Test
    void saysHowTheBenchmarkWasRead() throws IOException {
        String first = SPACE.format(ARCHITECTURES.get(0));
        TabularBenchmark benchmark = benchmark(
                "architecture,test_accuracy_1,test_accuracy_2\n" + first + ",0.5,0.75\n" + first + ",0.625,\n");

        CorrelationReport report =
                CorrelationReport.of(List.of(prediction(0, 0, 0.1)), Map.of("any", new double[] {1}), benchmark);

        assertThat(report.toText(SPACE).lines())
                .endsWith(
                        "the benchmark's accuracies are from 0 to 1 and were taken for fractions",
                        "true accuracies: the mean of test_accuracy_1, test_accuracy_2",
                        "rows of the benchmark that repeat an architecture: 1, taken into its mean");
        assertThat(report.accuracyOfFirst()).isEqualTo(62.5);
    }

    @Test
    void jsonHasTheSame() throws IOException {
        Map<String, double[]> predictors = new LinkedHashMap<>();
        predictors.put("count", new double[] {1, 2});
        predictors.put("same", new double[] {1, 1});
        CorrelationReport report = CorrelationReport.of(
                List.of(prediction(0, 0, 0.2), prediction(1, 0, 0.1)), predictors, benchmark(50, 60, 70));
        RunDirectory run = new RunDirectory(directory.toString(), new Configuration());

        run.write(report.toRecord(SPACE));

        ObjectMapper json = new ObjectMapper();
        assertThat(json.readTree(directory.resolve("correlation.json").toFile()))
                .isEqualTo(json.readTree(
                        """
                {
                  "first": "%s", "accuracyOfFirst": 50.0, "regret": 10.0, "bestCompared": 60.0,
                  "table": {
                    "architectures": 3, "notRanked": 1, "bestAccuracy": 70.0, "columns": ["test_accuracy"],
                    "repeatedRows": 0, "fractions": false
                  },
                  "ranked": 2, "notInBenchmark": 0, "firstNotInBenchmark": false,
                  "predictors": [{
                    "name": "count",
                    "overall": {"architectures": 2, "kendallTau": 1.0, "spearmanRho": 1.0},
                    "kendallTauInterval": {"low": 1.0, "high": 1.0},
                    "sparseKendallTau": 1.0,
                    "top": {
                      "half": {"architectures": 1, "kendallTau": null, "spearmanRho": null},
                      "tenth": {"architectures": 1, "kendallTau": null, "spearmanRho": null},
                      "hundredth": {"architectures": 1, "kendallTau": null, "spearmanRho": null}
                    },
                    "subspaces": [{"node": "0", "architectures": 2, "kendallTau": 1.0, "spearmanRho": 1.0}],
                    "first": {"accuracy": 60.0, "regret": 0.0, "percentile": 100.0},
                    "bestOfTen": {"accuracy": 60.0, "regret": 0.0, "percentile": 100.0}
                  }, {
                    "name": "same",
                    "overall": {"architectures": 2, "kendallTau": null, "spearmanRho": null},
                    "kendallTauInterval": null,
                    "sparseKendallTau": null,
                    "top": {
                      "half": {"architectures": 1, "kendallTau": null, "spearmanRho": null},
                      "tenth": {"architectures": 1, "kendallTau": null, "spearmanRho": null},
                      "hundredth": {"architectures": 1, "kendallTau": null, "spearmanRho": null}
                    },
                    "subspaces": [{"node": "0", "architectures": 2, "kendallTau": null, "spearmanRho": null}],
                    "first": {"accuracy": 55.0, "regret": 5.0, "percentile": 75.0},
                    "bestOfTen": {"accuracy": 60.0, "regret": 0.0, "percentile": 100.0}
                  }]
                }
                """
                                .formatted(SPACE.format(ARCHITECTURES.get(0)))));
        assertThat(run.correlation()).contains(report.toRecord(SPACE));
    }

    @Test
    void nothingInCommonIsRefused() throws IOException {
        TabularBenchmark benchmark = benchmark(50, 60);

        assertThatExceptionOfType(UserMistake.class)
                .isThrownBy(() -> CorrelationReport.of(List.of(prediction(5, 0, 0.1)), Map.of(), benchmark))
                .withMessage("none of the 1 scored architectures is among the 2 of the benchmark table");
    }

    @Test
    void predictionsAreReadByTheNamesOfTheColumns() throws IOException {
        String second = SPACE.format(ARCHITECTURES.get(1));

        assertThat(predictions("rank,accuracy,node,architecture\n1,0.5,2," + second + "\n"))
                .containsExactly(prediction(1, 2, 0.5));
        assertThat(predictions("architecture,loss,kind,zen\n" + second + ",2,tiny,7\n"))
                .containsExactly(new RankedSubnet(
                        new MeasuredSubnet(ARCHITECTURES.get(1), "", List.of("loss", "zen"), List.of(2.0, 7.0)), -2));
        assertThat(predictions("architecture,accuracy,loss,score\n" + second + ",0.5,,-Infinity\n"))
                .containsExactly(new RankedSubnet(
                        new MeasuredSubnet(
                                ARCHITECTURES.get(1), "", List.of("accuracy", "loss"), List.of(0.5, Double.NaN)),
                        Double.NEGATIVE_INFINITY));
    }

    @Test
    void withoutSubspacesOnlyTheWholeIsCompared() throws IOException {
        List<RankedSubnet> predictions =
                predictions("architecture,accuracy\n" + SPACE.format(ARCHITECTURES.get(0)) + ",71.5\n");

        CorrelationReport report =
                CorrelationReport.of(predictions, Map.of("accuracy", new double[] {71.5}), benchmark(50));

        assertThat(report.predictors().get(0).all().overall().architectures()).isEqualTo(1);
        assertThat(report.predictors().get(0).all().subspaces()).isEmpty();
    }

    @Test
    void badPredictionIsNamedByFileAndLine() {
        String first = SPACE.format(ARCHITECTURES.get(0));

        assertThatExceptionOfType(UserMistake.class)
                .isThrownBy(() -> predictions("architecture,accuracy\n" + first + ",good\n"))
                .withMessage(path("scores.csv") + ", line 2: accuracy must be a number, not 'good'");
        assertThatExceptionOfType(UserMistake.class)
                .isThrownBy(() -> predictions("architecture,kind\n" + first + ",good\n"))
                .withMessage(path("scores.csv") + ": there is no column of numbers; expected some beside architecture");
        assertThatExceptionOfType(UserMistake.class)
                .isThrownBy(() -> predictions("architecture,accuracy\n" + first + ",1\n" + first + ",2\n"))
                .withMessage(path("scores.csv") + ", line 3: " + first + " is listed twice");
        assertThatExceptionOfType(UserMistake.class)
                .isThrownBy(() -> predictions("architecture,accuracy,score\n" + first + ",1,NaN\n"))
                .withMessage(path("scores.csv") + ", line 2: score must be a number, not NaN");
    }

    private static RankedSubnet prediction(int architecture, int node, double accuracy) {
        return new RankedSubnet(
                new MeasuredSubnet(
                        ARCHITECTURES.get(architecture),
                        Integer.toString(node),
                        List.of("accuracy"),
                        List.of(accuracy)),
                accuracy);
    }

    private TabularBenchmark benchmark(double... accuracies) throws IOException {
        StringBuilder csv = new StringBuilder("architecture,test_accuracy\n");
        for (int i = 0; i < accuracies.length; i++) {
            csv.append(SPACE.format(ARCHITECTURES.get(i)))
                    .append(',')
                    .append(accuracies[i])
                    .append('\n');
        }
        return benchmark(csv.toString());
    }

    private TabularBenchmark benchmark(String csv) throws IOException {
        Files.writeString(directory.resolve("table.csv"), csv);
        return TabularBenchmark.read(files, path("table.csv"), SPACE);
    }

    private List<RankedSubnet> predictions(String csv) throws IOException {
        Files.writeString(directory.resolve("scores.csv"), csv);
        return PredictionFile.read(files, path("scores.csv"), SPACE);
    }

    private Path path(String name) {
        return new Path(directory.toUri().toString(), name);
    }
}
