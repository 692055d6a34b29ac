package io.efsnas.driver;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.efsnas.driver.run.CorrelationRecord;
import io.efsnas.driver.run.ReliabilityRecord;
import io.efsnas.driver.run.SelectionRecord;
import io.efsnas.driver.storage.Json;
import io.efsnas.job.RoundReport;
import io.efsnas.network.ModelSize;
import io.efsnas.network.Shape;
import io.efsnas.network.Weight;
import io.efsnas.space.SearchSpace;
import io.efsnas.space.SearchSpaces;
import io.efsnas.space.SpaceWeights;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whole searches on embedded Spark over the bundled images, and what the other commands make of their results. */
class SearchIT {

    private static final int SUPERNETS = 3;
    private static final int ROUNDS = 3;
    private static final String HEADER = "rank,architecture,node,accuracy,loss,nonlinearities,flops,parameters,score";

    @TempDir
    private static Path directory;

    private static Path config;
    /** Of a search that has ended; no test changes it. */
    private static Path run;

    private static CommandRun search;

    @BeforeAll
    static void search() throws IOException {
        config = TinySearch.settings()
                .withIndependentSupernets()
                .with("training.subnets-per-step", 2)
                .with("ranking.rule", "accuracy")
                .writeTo(directory);
        run = directory.resolve("run");
        search = search(run).succeeded();
    }

    private static CommandRun search(Path into, String... further) {
        return CommandRun.search(config, into, further);
    }

    @Test
    void endsWithTheSelectedArchitecture() {
        assertThat(search.out()).contains("selected   " + Csv.ranked(run).get(0), "results    file:" + run);
    }

    @Test
    void recordsWhatProducedTheResults() throws IOException {
        JsonNode record = Runs.json(run.resolve("search.json"));

        assertThat(record.path("state").asText()).isEqualTo("complete");
        assertThat(record.path("seed").asLong()).isEqualTo(7);
        assertThat(record.at("/config/training/steps").asInt()).isEqualTo(6);
        assertThat(record.at("/config/space/groups").toString()).isEqualTo("[[0,1],[2],[3]]");
        assertThat(record.at("/config/training/momentum").asDouble()).isEqualTo(0.9);
        assertThat(record.at("/data/fingerprint").asText()).matches("[0-9a-f]{64}");
        assertThat(record.at("/engine/name").asText()).isEqualTo("vector");
        assertThat(record.at("/engine/threads").asInt()).isEqualTo(1);
        assertThat(record.at("/versions/java").asText())
                .isEqualTo(Runtime.version().toString());
        assertThat(record.at("/versions/spark").asText()).startsWith("3.5.");
        assertThat(Instant.parse(record.path("begun").asText()))
                .isBefore(Instant.parse(record.path("ended").asText()));
        assertThat(record.at("/timings/slots").asInt()).isEqualTo(2);
        assertThat(record.at("/timings/trainingSeconds").asDouble())
                .isBetween(0.0, 2 * record.at("/timings/trainingWallSeconds").asDouble());
    }

    @Test
    void everySupernetTrainsBySoManyStepsAndSubnets() {
        for (int supernet = 0; supernet < SUPERNETS; supernet++) {
            List<RoundReport> rounds = Runs.rounds(run, Integer.toString(supernet));

            assertThat(rounds).hasSize(ROUNDS);
            for (int round = 0; round < ROUNDS; round++) {
                RoundReport report = rounds.get(round);
                assertThat(report.round()).isEqualTo(round);
                assertThat(report.metrics().fromStep()).isEqualTo(2 * round);
                assertThat(report.metrics().toStep()).isEqualTo(2 * round + 2);
                assertThat(report.metrics().subnets()).isEqualTo(4);
                assertThat(report.metrics().images()).isEqualTo(32);
                assertThat(report.place().device()).isEqualTo("cpu");
                assertThat(report.place().host()).isEqualTo("localhost");
                assertThat(report.threads()).isEqualTo(1);
            }
        }
    }

    @Test
    void ranksFourArchitecturesOfEachSubspaceByAccuracy() throws IOException {
        assertThat(Files.readAllLines(run.resolve("ranking.csv"))).startsWith(HEADER);
        List<Map<String, String>> rows = Csv.ranking(run);

        assertThat(rows).hasSize(4 * SUPERNETS);
        assertThat(Csv.column(rows, "rank"))
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(1, 12).mapToObj(Integer::toString).toList());
        assertThat(Csv.column(rows, "architecture")).doesNotHaveDuplicates();
        assertThat(rows.stream().collect(Collectors.groupingBy(row -> row.get("node"), Collectors.counting())))
                .isEqualTo(Map.of("0", 4L, "1", 4L, "2", 4L));
        assertThat(rows).allSatisfy(row -> assertThat(row.get("nonlinearities"))
                .isIn(Map.of("0", List.of("0", "1"), "1", List.of("2"), "2", List.of("3"))
                        .get(row.get("node"))));
        assertThat(rows.stream().map(row -> Double.valueOf(row.get("accuracy"))).toList())
                .isSortedAccordingTo(Comparator.reverseOrder())
                // Of 100 images.
                .allSatisfy(accuracy -> assertThat(accuracy).isEqualTo(Math.rint(accuracy * 100) / 100));
    }

    @Test
    void parquetHasTheRowsOfTheCsv() throws IOException {
        try (SparkSession spark = SparkSession.builder()
                .master("local[1]")
                .config("spark.ui.enabled", false)
                .getOrCreate()) {
            var parquet = spark.read().parquet(run.resolve("ranking.parquet").toString());

            assertThat(parquet.columns()).containsExactly(HEADER.split(","));
            List<Map<String, String>> rows = Csv.ranking(run);
            List<Row> read = parquet.collectAsList();
            assertThat(read).hasSameSizeAs(rows);
            for (int i = 0; i < rows.size(); i++) {
                for (String column : List.of("accuracy", "loss", "nonlinearities", "flops", "parameters", "score")) {
                    assertThat(read.get(i).<Double>getAs(column))
                            .isEqualTo(Double.valueOf(rows.get(i).get(column)));
                }
                for (String column : List.of("architecture", "node")) {
                    assertThat(read.get(i).<String>getAs(column))
                            .isEqualTo(rows.get(i).get(column));
                }
            }
        }
    }

    @Test
    void selectsTheFirstWithoutLimits() {
        SelectionRecord selection = Runs.in(run).selection().orElseThrow();

        assertThat(selection.rank()).isEqualTo(1);
        assertThat(selection.ranked()).isEqualTo(4 * SUPERNETS);
        assertThat(selection.architecture()).isEqualTo(Csv.ranked(run).get(0));
        assertThat(selection.runnerUp().architecture())
                .isEqualTo(Csv.ranked(run).get(1));
    }

    @Test
    void checkpointsAreSafetensorsOfEveryWeight() throws IOException {
        SpaceWeights all =
                SpaceWeights.of(SearchSpaces.named("nas-bench-201"), new ModelSize(2, 1, new Shape(1, 4, 4), 10));
        Map<String, List<Integer>> weights = all.all().stream().collect(Collectors.toMap(Weight::name, Weight::shape));

        for (int supernet = 0; supernet < SUPERNETS; supernet++) {
            Path checkpoints = run.resolve("checkpoints/supernet-" + supernet);
            try (Stream<Path> files = Files.list(checkpoints)) {
                assertThat(files.map(file -> file.getFileName().toString()).filter(name -> !name.endsWith(".crc")))
                        .containsExactlyInAnyOrder("step-00000004.safetensors", "step-00000006.safetensors");
            }
            Map<String, List<Integer>> tensors = safetensors(checkpoints.resolve("step-00000006.safetensors"));
            assertThat(tensors).containsAllEntriesOf(weights);
            assertThat(tensors).hasSize(2 * weights.size());
        }
    }

    /** The shapes of a file's tensors, by the format's specification and nothing else. */
    private static Map<String, List<Integer>> safetensors(Path file) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        byte[] header = new byte[Math.toIntExact(bytes.getLong())];
        bytes.get(header);
        ByteBuffer values = bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
        assertThat(bytes.position() % 8).isZero();
        Map<String, List<Integer>> shapes = new HashMap<>();
        Set<Integer> begins = new TreeSet<>();
        Set<Integer> ends = new TreeSet<>();
        Json.parse(new String(header, StandardCharsets.UTF_8)).fields().forEachRemaining(entry -> {
            if (entry.getKey().equals("__metadata__")) {
                assertThat(entry.getValue()).allMatch(JsonNode::isTextual);
                return;
            }
            List<Integer> shape = new ArrayList<>();
            entry.getValue().path("shape").forEach(side -> shape.add(side.asInt()));
            int begin = entry.getValue().at("/data_offsets/0").asInt();
            int end = entry.getValue().at("/data_offsets/1").asInt();
            assertThat(entry.getValue().path("dtype").asText()).isEqualTo("F32");
            assertThat(end - begin)
                    .isEqualTo(shape.stream().reduce(1, Math::multiplyExact) * Float.BYTES)
                    .isPositive();
            for (int at = begin; at < end; at += Float.BYTES) {
                assertThat(values.getFloat(at)).isFinite();
            }
            shapes.put(entry.getKey(), shape);
            begins.add(begin);
            ends.add(end);
        });
        // Every tensor begins where another ends, from the first byte to the last.
        begins.add(values.limit());
        ends.add(0);
        assertThat(begins).isEqualTo(ends).hasSize(shapes.size() + 1);
        return shapes;
    }

    @Test
    void sameSearchGivesTheSameRanking() throws IOException {
        Path again = directory.resolve("again");

        search(again).succeeded();

        assertThat(again.resolve("ranking.csv")).hasSameBinaryContentAs(run.resolve("ranking.csv"));
    }

    @Test
    void otherSeedGivesAnotherRanking() throws IOException {
        Path other = directory.resolve("other");

        search(other, "--set", "seed=8").succeeded();

        assertThat(Files.readString(other.resolve("ranking.csv")))
                .isNotEqualTo(Files.readString(run.resolve("ranking.csv")));
    }

    @Test
    void searchThatWasCutShortGoesOnToTheSameRanking() throws IOException {
        Path cut = Runs.copy(
                run,
                "cut",
                "checkpoints/supernet-1/step-00000006.safetensors",
                "ranking.csv",
                "ranking.parquet",
                "selection.json");

        search(cut).succeeded();

        assertThat(cut.resolve("ranking.csv")).hasSameBinaryContentAs(run.resolve("ranking.csv"));
        assertThat(cut.resolve("selection.json")).hasSameBinaryContentAs(run.resolve("selection.json"));
        assertThat(cut.resolve("ranking.parquet")).exists();
        // Only the last round of supernet 1 was run, from the checkpoint of the round before.
        assertThat(Runs.rounds(cut, "0")).isEqualTo(Runs.rounds(run, "0"));
        assertThat(Runs.rounds(cut, "2")).isEqualTo(Runs.rounds(run, "2"));
        List<RoundReport> once = Runs.rounds(run, "1");
        List<RoundReport> repeated = Runs.rounds(cut, "1");
        assertThat(repeated.subList(0, 2)).isEqualTo(once.subList(0, 2));
        assertThat(repeated.get(2).restored()).isTrue();
        assertThat(repeated.get(2).metrics().loss())
                .isEqualTo(once.get(2).metrics().loss());
    }

    @Test
    void runDirectoryOfAnotherSearchIsRefused() throws IOException {
        byte[] before = Files.readAllBytes(run.resolve("search.json"));

        assertThat(search(run, "--set", "training.batch=32").mistake())
                .contains(
                        "the run directory file:" + run + " holds another search",
                        "training.batch (16 there, 32 now)",
                        "use another run directory");

        assertThat(run.resolve("search.json")).hasBinaryContent(before);
    }

    @Test
    void aSearchOfAVersionWithFewerKeysResumes() throws IOException {
        Path earlier = Runs.copy(run, "earlier");
        ObjectNode record = (ObjectNode) Runs.json(earlier.resolve("search.json"));
        ObjectNode settings = (ObjectNode) record.path("config");
        settings.remove("schemes");
        ((ObjectNode) settings.path("training")).remove("scheme");
        Files.writeString(earlier.resolve("search.json"), record.toString());

        search(earlier).succeeded();

        assertThat(search(earlier, "--set", "training.scheme=uniform").mistake())
                .contains("training.scheme (\"balanced\" there, \"uniform\" now)");
    }

    @Test
    void whatCannotChangeTheResultMayDiffer() throws IOException {
        Path moved = Runs.copy(run, "moved");
        Path images = directory.resolve("images");
        FileUtils.copyDirectory(TinySearch.BUNDLED.toFile(), images.toFile());

        search(
                        moved,
                        "--set",
                        "data.train=[\"" + images.resolve("t10k-images-idx3-ubyte.gz") + "\"]",
                        "--set",
                        "supernet.threads=2",
                        "--set",
                        "checkpoints.keep=3")
                .succeeded();

        assertThat(moved.resolve("ranking.csv")).hasSameBinaryContentAs(run.resolve("ranking.csv"));
    }

    @Test
    void otherNativesAreRefusedUnlessTheyAreAllowed() throws IOException {
        Path elsewhere = Runs.copy(run, "elsewhere", "checkpoints/supernet-1/step-00000006.safetensors");
        String rounds = Files.readString(elsewhere.resolve("rounds.json"));
        Files.writeString(
                elsewhere.resolve("rounds.json"),
                rounds.replaceAll("\"vector \\d+, [^\"]*\"", "\"vector 9 on tubes\""));

        CommandRun refused = search(elsewhere);
        assertThat(refused.status()).isEqualTo(1);
        assertThat(refused.err())
                .containsPattern("efsnas: round 3 of 3 of supernet 1, steps 4 to 6, failed on \\S+: supernet 1: the"
                        + " search was trained with vector 9 on tubes, and this executor has vector 2, Java .*"
                        + " --allow-engine-change");

        search(elsewhere, "--allow-engine-change").succeeded();
    }

    @Test
    void otherEngineIsRefusedByItsKey() {
        assertThat(search(run, "--set", "supernet.engine=nd4j").mistake())
                .contains("which differs in supernet.engine (vector there, nd4j now)", "--allow-engine-change");
    }

    @Test
    void aSearchThatIsRepeatedKeepsTheRecordOfWhatHasProducedItsResults() throws IOException {
        Path again = Runs.copy(run, "repeated");

        search(again).succeeded();

        assertThat(Runs.json(again.resolve("search.json"))).isEqualTo(Runs.json(run.resolve("search.json")));
        assertThat(again.resolve("ranking.csv")).hasSameTextualContentAs(run.resolve("ranking.csv"));
    }

    /** The checkpoints before the last decide what the ranking makes of live parameters. */
    @Test
    void aRankingStaysWithoutTheCheckpointsBeforeTheLast() throws IOException {
        Path without = Runs.copy(
                run,
                "without-earlier-checkpoints",
                "checkpoints/supernet-0/step-00000004.safetensors",
                "checkpoints/supernet-1/step-00000004.safetensors",
                "checkpoints/supernet-2/step-00000004.safetensors");

        search(without).succeeded();

        assertThat(without.resolve("ranking.csv")).hasSameTextualContentAs(run.resolve("ranking.csv"));
        assertThat(Runs.json(without.resolve("reliability.json")))
                .isEqualTo(Runs.json(run.resolve("reliability.json")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "training.augmentation.crop-padding=4 | training.augmentation.crop-padding: 4 is not accepted; expected less than the 4 pixels",
                "retrain.enabled=true --set data.train-share=0.8 | data.test: retraining needs test images"
            })
    void whatWouldFailLaterIsRefusedBeforeTraining(String settings, String refusal) {
        Path unmade = directory.resolve("unmade");
        String[] options = ("--set " + settings).split(" ");

        assertThat(search(unmade, options).mistake()).startsWith(refusal);

        assertThat(unmade).doesNotExist();
    }

    @Test
    void limitsThatNothingKeepsAreRefusedBeforeTraining() {
        Path unmade = directory.resolve("unmade");

        assertThat(search(unmade, "--set", "ranking.limits.flops=9").mistake())
                .isEqualTo(
                        "ranking.limits: none of the architectures to be scored meets the limits of 9 FLOPs; raise them");

        assertThat(unmade).doesNotExist();
    }

    @Test
    void scoreRefusesAnOutputBeforeItScores() {
        for (String output : List.of("nowhere://host/scores.csv", directory.toString())) {
            assertThat(CommandRun.of(
                                    "score",
                                    "--run-dir",
                                    run.toString(),
                                    "--architectures",
                                    "none.txt",
                                    "--output",
                                    output)
                            .mistake())
                    .startsWith("--output " + output);
        }
    }

    /** Scores with a loss that no supernet gave, as if the process had been killed with them. */
    @Test
    void whatIsScoredIsNotScoredAgain() throws IOException {
        Path cut = Runs.copy(run, "half-scored");
        List<String> lines = new ArrayList<>(Files.readAllLines(cut.resolve("scores.csv")));
        List<String> columns = List.of(lines.get(0).split(","));
        List<String> values = new ArrayList<>(List.of(lines.get(1).split(",")));
        values.set(columns.indexOf("even_loss_sum"), "12345.0");
        lines.set(1, String.join(",", values));
        Files.write(cut.resolve("scores.csv"), lines.subList(0, 7));

        search(cut).succeeded();

        SearchSpace space = SearchSpaces.named("nas-bench-201");
        Predicate<Map<String, String>> changed = row -> space.format(space.live(space.parse(row.get("architecture"))))
                        .equals(values.get(columns.indexOf("architecture")))
                && row.get("node").equals(values.get(columns.indexOf("node")));
        assertThat(Csv.ranking(cut)).filteredOn(changed).isNotEmpty().allSatisfy(row -> assertThat(
                        Double.parseDouble(row.get("loss")))
                .isGreaterThan(100));
        assertThat(Csv.without(Csv.ranking(cut), "rank"))
                .filteredOn(changed.negate())
                .containsExactlyInAnyOrderElementsOf(Csv.without(Csv.ranking(run), "rank").stream()
                        .filter(changed.negate())
                        .toList());
    }

    /** Object stores may lose a file that is being replaced. */
    @Test
    void filesThatAreMissingChangeNoRanking() throws IOException {
        Path cut = Runs.copy(run, "files-missing", "search.json", "rounds.json", "scores.csv", "ranking.csv");

        search(cut).succeeded();

        assertThat(cut.resolve("ranking.csv")).hasSameBinaryContentAs(run.resolve("ranking.csv"));
    }

    @Test
    void supernetThatFailsIsNamedAndTheSearchGoesOnWhenTheCauseIsGone() throws IOException {
        Path failing = directory.resolve("failing");
        Path inTheWay = failing.resolve("checkpoints/supernet-1");
        Files.createDirectories(inTheWay.getParent());
        Files.createFile(inTheWay);

        CommandRun failed = search(failing);

        assertThat(failed.status()).isEqualTo(1);
        assertThat(failed.err().lines().filter(line -> line.startsWith("efsnas: ")))
                .singleElement()
                .asString()
                .matches("efsnas: round 1 of 3 of supernet 1, steps 0 to 2, failed on \\S+: cannot write file:"
                        + inTheWay + "/step-00000002.safetensors: .* not a directory: " + inTheWay);

        Files.delete(inTheWay);
        search(failing).succeeded();
        assertThat(failing.resolve("ranking.csv")).hasSameBinaryContentAs(run.resolve("ranking.csv"));
    }

    @Test
    void supernetsOfOtherImagesAreNotScored() throws IOException {
        Path other = Runs.copy(run, "other-images");
        String record = Files.readString(other.resolve("search.json"));
        Files.writeString(
                other.resolve("search.json"),
                record.replaceAll("\"fingerprint\" : \"[0-9a-f]+\"", "\"fingerprint\" : \"abc\""));
        Path architectures =
                Files.writeString(directory.resolve("any.txt"), Csv.ranked(run).get(0));

        assertThat(CommandRun.score(other, architectures, directory.resolve("unwritten.csv"))
                        .mistake())
                .contains(
                        "data.train: the images of file:" + other + " are no longer those that its supernets were"
                                + " trained with: their fingerprint is ",
                        ", not abc");
        assertThat(CommandRun.select(other, directory.resolve("unmade-selection"))
                        .mistake())
                .contains("data.train: the images of file:" + other + " are no longer those");
    }

    @Test
    void scoreGivesTheAccuraciesOfTheRanking() throws IOException {
        List<Map<String, String>> some = Csv.ranking(run).stream()
                .filter(row -> Integer.parseInt(row.get("rank")) % 2 == 0)
                .toList();
        Path architectures = Files.write(directory.resolve("some.txt"), Csv.column(some, "architecture"));
        Path scores = directory.resolve("scores.csv");

        CommandRun.score(run, architectures, scores).succeeded();

        assertThat(Files.readAllLines(scores)).startsWith(HEADER);
        assertThat(Csv.without(Csv.rows(scores), "rank")).isEqualTo(Csv.without(some, "rank"));
    }

    @Test
    void scoreNamesTheLineOfAMalformedArchitecture() throws IOException {
        Path architectures =
                Files.writeString(directory.resolve("bad.txt"), Csv.ranked(run).get(0) + "\n\n|nor_conv_5x5~0|\n");

        assertThat(CommandRun.score(run, architectures, directory.resolve("unwritten.csv"))
                        .mistake())
                .startsWith(architectures + ", line 3: ")
                .contains("nor_conv_5x5");
    }

    @Test
    void scoreRefusesADirectoryWithoutASearch() {
        assertThat(CommandRun.score(directory, directory.resolve("any.txt"), directory.resolve("unwritten.csv"))
                        .mistake())
                .startsWith("file:" + directory + " is not a run directory: it has no search.json");
    }

    @Test
    void scoreRefusesSupernetsThatAreNotTrained() throws IOException {
        Path untrained = Runs.copy(run, "untrained", "checkpoints/supernet-2/step-00000006.safetensors");
        Path architectures =
                Files.writeString(directory.resolve("one.txt"), Csv.ranked(run).get(0));

        assertThat(CommandRun.score(untrained, architectures, directory.resolve("unwritten.csv"))
                        .mistake())
                .isEqualTo("the last checkpoint of supernet 2 in file:" + untrained
                        + " is damaged or missing; run the search again with that --run-dir, and it trains"
                        + " again from the one before");
    }

    @Test
    void unknownEngineIsRefused() {
        assertThat(search(directory.resolve("unmade"), "--set", "supernet.engine=abacus")
                        .mistake())
                .startsWith("supernet.engine: there is no engine 'abacus'; on the class path: ")
                .contains("nd4j", "vector")
                .endsWith(", or auto");
        assertThat(directory.resolve("unmade")).doesNotExist();
    }

    @Test
    void tellsHowFarTheAccuraciesCanBeBelieved() {
        ReliabilityRecord reliability = Runs.in(run).reliability().orElseThrow();

        assertThat(reliability.images()).isEqualTo(100);
        assertThat(List.of(reliability.halves(), reliability.checkpoints(), reliability.liveParameters()))
                .allSatisfy(check -> {
                    assertThat(check.overall().architectures()).isEqualTo(12);
                    assertThat(check.subspaces()).hasSize(SUPERNETS);
                });
        assertThat(Runs.in(run).selection().orElseThrow().runnerUp().toldApart())
                .isNotNull();
    }

    @Test
    void ranksByAnotherScoreBesideTheAccuracy() throws IOException {
        Path byLoss = directory.resolve("by-loss");

        search(byLoss, "--set", "ranking.rule=loss", "--set", "scoring.repeated-architectures=0")
                .succeeded();

        List<Map<String, String>> rows = Csv.ranking(byLoss);
        assertThat(rows.stream().map(row -> Double.valueOf(row.get("loss")))).isSorted();
        assertThat(rows).allSatisfy(row -> assertThat(Double.parseDouble(row.get("score")))
                .isEqualTo(-Double.parseDouble(row.get("loss"))));
        assertThat(Csv.without(rows, "rank", "score"))
                .containsExactlyInAnyOrderElementsOf(Csv.without(Csv.ranking(run), "rank", "score"));
        JsonNode unknown = Runs.json(byLoss.resolve("reliability.json"));
        assertThat(unknown.has("checkpoints")).isFalse();
        assertThat(unknown.path("ofAccuracy").isNull()).isTrue();
    }

    @Test
    void correlateReadsTheRanking() throws IOException {
        List<String> lines = new ArrayList<>(List.of("architecture,test_accuracy"));
        Csv.ranking(run)
                .forEach(row ->
                        lines.add(row.get("architecture") + "," + 100 * Double.parseDouble(row.get("accuracy"))));
        Path truth = Files.write(directory.resolve("truth.csv"), lines);

        CommandRun report =
                CommandRun.succeeding("correlate", "--run-dir", run.toString(), "--table", truth.toString());

        assertThat(report.out()
                        .lines()
                        .filter(line -> line.startsWith("accuracy "))
                        .findFirst())
                .get()
                .asString()
                .matches("accuracy +1\\.000 +1\\.000 +1\\.000 +1\\.000 .* 0\\.00 +100\\.00");
        CorrelationRecord correlation = Runs.in(run).correlation().orElseThrow();
        assertThat(correlation.first()).isEqualTo(Csv.ranked(run).get(0));
        assertThat(correlation.predictors().get(0).overall().architectures()).isEqualTo(12);
    }
}
