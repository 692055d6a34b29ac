package io.efsnas.driver;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The commands that need no Spark, and what a user is told after a mistake. */
class MainTest {

    private static final Path IMAGES =
            Path.of("../conf/data/fashion-mnist/t10k-images-idx3-ubyte.gz").toAbsolutePath();
    private static final Path LABELS =
            Path.of("../conf/data/fashion-mnist/t10k-labels-idx1-ubyte.gz").toAbsolutePath();
    private static final String SKIP = "|none~0|+|none~0|none~1|+|skip_connect~0|none~1|none~2|";
    private static final String POOL = "|none~0|+|none~0|none~1|+|avg_pool_3x3~0|none~1|none~2|";
    private static final String CONV_1X1 = "|none~0|+|none~0|none~1|+|nor_conv_1x1~0|none~1|none~2|";
    private static final String CONV_3X3 = "|none~0|+|none~0|none~1|+|nor_conv_3x3~0|none~1|none~2|";

    private static final String UNCONNECTED = "|none~0|+|none~0|none~1|+|none~0|none~1|none~2|";

    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"search", "select", "space", "score", "correlate", "report", "runs"})
    void helpOfACommandShowsItsOptionsAndAnExample(String command) {
        CommandRun run = CommandRun.succeeding(command, "--help");

        assertThat(run.out()).contains("Usage: efsnas " + command, "Example", "\n  efsnas " + command + " --");
        assertThat(run.err()).isEmpty();
    }

    static Stream<List<String>> overviews() {
        return Stream.of(List.of("--help"), List.of("-h"), List.of("help"));
    }

    @ParameterizedTest
    @MethodSource("overviews")
    void helpListsTheCommandsAndTheExitStatus(List<String> arguments) {
        CommandRun run = CommandRun.succeeding(arguments.toArray(String[]::new));

        assertThat(run.out())
                .contains(
                        "search",
                        "space",
                        "score",
                        "correlate",
                        "report",
                        "runs",
                        "Exit status:",
                        "\n  efsnas search --config ");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                                                        | Missing required subcommand
                    serch                               | Unmatched argument at index 0: 'serch'
                    search                              | there is no configuration; expected --config FILE or --set
                    search --config                     | Missing required parameter for option '--config' (FILE)
                    search --config a --stepz 5         | Unknown options: '--stepz', '5'
                    space                               | there is no configuration; expected --config FILE or --set
                    select --run-dir a                  | Missing required option: '--output=DIR'
                    score --run-dir a --output b        | Missing required option: '--architectures=FILE'
                    correlate --scores a                | Missing required option: '--table=FILE.csv'
                    runs --remove-older-than 1d         | Missing required parameter: 'DIR'
                    correlate --table a                 | Missing required argument
                    correlate --table a --scores b --run-dir c | mutually exclusive
                    """)
    void commandLineThatCannotBeUnderstood(String arguments, String message) {
        CommandRun run = CommandRun.of(arguments == null ? new String[0] : arguments.split(" "));

        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err().lines().findFirst().orElse("")).contains(message);
        assertThat(run.err()).doesNotContain("\tat ");
        assertThat(run.out()).isEmpty();
    }

    @Test
    void missingConfiguration() {
        Path missing = directory.resolve("missing.conf");

        assertThat(CommandRun.of("space", "--config", missing.toString()).mistake())
                .isEqualTo("there is no configuration file " + missing + "; expected a HOCON file");
    }

    @Test
    void unknownKey() throws IOException {
        assertThat(space("training.stepz = 5").mistake())
                .startsWith("training.stepz: there is no such key; did you mean training.steps?")
                .endsWith("(" + directory.resolve("search.conf") + ": 2)");
    }

    @Test
    void whatASplitMeasuresIsTold() throws IOException {
        assertThat(space("strategy = gm-nas").out())
                .contains(
                        "split: measures 3 supernet(s), each at the cost of at most 3,000 training steps of one subnet");
        assertThat(space("strategy = few-shot-nas").out()).doesNotContain("split: measures");
        assertThat(space("strategy = hep-nas").out())
                .contains(
                        "split: measures 3 supernet(s), each at the cost of at most 1,500 training steps of one subnet",
                        // 14 supernets, 50 subnets on 1000 images in batches of 64, a third of a step each
                        "choice: of 2, then 4, then 8 supernets one is kept, phase by phase, at the cost of 3,646 training"
                                + " steps of one subnet in all",
                        "mutual training: a step also runs 0, then 2, then 4, then 8 other supernets forward, phase by"
                                + " phase",
                        // 23,400 of one and of each of two, 27,300 of each of four
                        "takes the first 74,100 of them for each supernet, 179,400 steps");
    }

    @Test
    void includedFileThatIsNotThere() throws IOException {
        Files.writeString(directory.resolve("common.conf"), "training.steps = 1234");

        assertThat(space("include \"comon.conf\"").mistake())
                .matches("cannot parse the configuration: there is no \\S*comon\\.conf, or it cannot be read");
        assertThat(space("include \"common.conf\"").out()).contains("plan: 1,234 steps");
    }

    @ParameterizedTest
    @CsvSource({
        "report, '', 'it is empty'",
        "report, '{}', 'it has no state'",
        "correlate, '{}', 'it has no state'",
        "correlate, '{\"state\": \"failed\"}', 'it has no begun'",
        "correlate, '{\"state\": \"asleep\"}', 'state has a value of the wrong type'",
        "correlate, '{\"versions\": {}}', 'it has no versions.efsnas'"
    })
    void searchRecordThatIsDamaged(String command, String content, String reason) throws IOException {
        Path record = Files.writeString(directory.resolve("search.json"), content);
        List<String> arguments = new ArrayList<>(List.of(command, "--run-dir", directory.toString()));
        if (command.equals("correlate")) {
            arguments.addAll(List.of("--table", "truth.csv"));
        }

        assertThat(CommandRun.of(arguments.toArray(String[]::new)).mistake())
                .isEqualTo("file:" + record + " is damaged: " + reason
                        + "; remove it, and the command that wrote it writes it again");
    }

    /** A key that is nowhere but in the defaults is told without the place of a file inside a jar. */
    @Test
    void defaultThatDoesNotSuit() throws IOException {
        assertThat(CommandRun.of("space", "--set", "seed=1").mistake())
                .startsWith("data.train: [] is not accepted; ")
                .matches(".*\\(reference\\.conf: \\d+\\)");
    }

    @Test
    void overrideThatIsNotAccepted() throws IOException {
        assertThat(space("", "--set", "training.rounds=0").mistake())
                .startsWith("training.rounds: 0 is not accepted; ")
                .endsWith("(--set training.rounds=0)");
    }

    @Test
    void overrideThatIsNoKeyAndValue() throws IOException {
        assertThat(space("", "--set", "training.rounds").mistake())
                .isEqualTo("--set training.rounds is not accepted; expected key=value, such as training.steps=1000");
    }

    @Test
    void costsNeedNoImagesOfAFormatThatSaysWhatTheyAreLike() {
        CommandRun run = CommandRun.succeeding(
                "space", "--config", "../conf/nas-bench-201-cifar10.conf", "--set", "training.workers=6");

        assertThat(run.out())
                .contains(
                        "164,845",
                        "97,500 steps of 1 subnet(s) on 64 images for each supernet; the images of data.train")
                .contains("do not exist yet")
                .contains("workers: 6, then 2 for each supernet, phase by phase; 6 devices then train for 100 % of");
        assertThat(CommandRun.of(
                                "space",
                                "--set",
                                "data.format=cifar100",
                                "--set",
                                "data.train=[none]",
                                "--set",
                                "data.shrink=3")
                        .mistake())
                .startsWith("data.shrink: 3 is not accepted; ");
    }

    @Test
    void missingImages() throws IOException {
        assertThat(space("data.train = [nowhere/a-images-idx3-ubyte]").mistake())
                .isEqualTo("file:" + directory + "/nowhere/a-images-idx3-ubyte does not exist");
    }

    @Test
    void truncatedImages() throws IOException {
        Path truncated = directory.resolve("a-images-idx3-ubyte");
        try (InputStream whole = new GZIPInputStream(Files.newInputStream(IMAGES))) {
            Files.write(truncated, whole.readNBytes(16 + 28 * 28 + 1));
        }
        try (InputStream labels = new GZIPInputStream(Files.newInputStream(LABELS))) {
            Files.copy(labels, directory.resolve("a-labels-idx1-ubyte"));
        }

        assertThat(space("data.train = [a-images-idx3-ubyte]").mistake())
                .isEqualTo("file:" + truncated
                        + " ends in image 1 (from 0); its header says 10000 images of 28x28 pixels");
    }

    @Test
    void damagedCompressedImages() throws IOException {
        byte[] whole = Files.readAllBytes(IMAGES);
        Path damaged = directory.resolve("a-images-idx3-ubyte.gz");
        Files.write(damaged, Arrays.copyOf(whole, whole.length / 2));
        Files.copy(LABELS, directory.resolve("a-labels-idx1-ubyte.gz"));

        assertThat(space("data.train = [a-images-idx3-ubyte.gz]").mistake())
                .isEqualTo("file:" + damaged
                        + " is damaged, or not compressed as its name says: Unexpected end of input stream");
    }

    @Test
    void moreScoredImagesThanThereAre() throws IOException {
        assertThat(space("data.limit = 100, training.batch = 50, scoring.images = 51")
                        .mistake())
                .isEqualTo(
                        "scoring.images: 51 is not accepted; expected all, or at most the 50 images of the validation"
                                + " part");
    }

    @Test
    void runDirectoryThatIsNone() throws IOException {
        assertThat(correlate("--run-dir", directory.toString(), "architecture,test_accuracy\n" + SKIP + ",50\n")
                        .mistake())
                .isEqualTo("file:" + directory + " is not a run directory: it has no search.json;"
                        + " give the one that a search was run with");
    }

    @Test
    void missingTable() throws IOException {
        Path scores = Files.writeString(directory.resolve("scores.csv"), "architecture,accuracy\n" + SKIP + ",0.5\n");
        Path missing = directory.resolve("missing.csv");

        assertThat(CommandRun.of("correlate", "--scores", scores.toString(), "--table", missing.toString())
                        .mistake())
                .startsWith("cannot read " + missing);
    }

    @Test
    void tableWithAMalformedRow() throws IOException {
        Path scores = Files.writeString(directory.resolve("scores.csv"), "architecture,accuracy\n" + SKIP + ",0.5\n");

        assertThat(correlate(
                                "--scores",
                                scores.toString(),
                                "architecture,test_accuracy\n" + SKIP + ",50\n" + POOL + ",many\n")
                        .mistake())
                .isEqualTo(directory.resolve("truth.csv") + ", line 3: test_accuracy must be a number, not 'many'");
    }

    @Test
    void unknownSpace() throws IOException {
        Path scores = Files.writeString(directory.resolve("scores.csv"), "architecture,accuracy\n" + SKIP + ",0.5\n");
        Path truth = Files.writeString(directory.resolve("truth.csv"), "architecture,test_accuracy\n" + SKIP + ",50\n");

        assertThat(CommandRun.of(
                                "correlate",
                                "--space",
                                "nas-bench-301",
                                "--scores",
                                scores.toString(),
                                "--table",
                                truth.toString())
                        .mistake())
                .contains("'nas-bench-301'", "nas-bench-201");
    }

    /** Of the six pairs, the predictions order five as the truth does: tau is (5 - 1) / 6. */
    @Test
    void correlateComparesScoresWithTheTruth() throws IOException {
        Path scores = Files.writeString(
                directory.resolve("scores.csv"),
                "architecture,accuracy\n" + SKIP + ",0.1\n" + POOL + ",0.2\n" + CONV_1X1 + ",0.4\n" + CONV_3X3
                        + ",0.3\n");

        CommandRun run = correlate(
                "--scores",
                scores.toString(),
                "architecture,test_accuracy\n" + CONV_3X3 + ",90\n" + CONV_1X1 + ",80\n" + POOL + ",20\n" + SKIP
                        + ",10\n");

        assertThat(run.status()).as(run.err()).isZero();
        assertThat(run.out()
                        .lines()
                        .filter(line -> line.startsWith("accuracy "))
                        .findFirst())
                .get()
                .asString()
                .matches("accuracy +0\\.667 +-?\\d\\.\\d{3} +1\\.000 +0\\.800 +0\\.667 +-1\\.000 +- +- +10\\.00 +0\\.00"
                        + " +100\\.00");
        assertThat(run.out()).contains("live-parameters", "nonlinearities");
        assertThat(run.out()).contains("best accuracy in the benchmark: 90.00 %");
    }

    /** As a spreadsheet writes a table of two seeds, the second of which some lack. */
    @Test
    void correlateTakesFractionsSeedsAndRepeatedRows() throws IOException {
        Path scores = Files.writeString(
                directory.resolve("scores.csv"),
                "architecture,accuracy\n" + SKIP + ",0.5\n" + POOL + ",0.5\n" + CONV_3X3 + ",0.5\n");

        CommandRun run = correlate(
                "--scores",
                scores.toString(),
                "\uFEFFarchitecture,test_accuracy_1,test_accuracy_2\n\"" + CONV_3X3 + "\",0.9,\n" + POOL + ",0.2,0.4\n"
                        + SKIP + ",0.1,\n" + SKIP + ",0.2,0.3\n");

        assertThat(run.status()).as(run.err()).isZero();
        assertThat(run.out())
                .containsPattern("accuracy +- +constant ")
                .doesNotContain("NaN")
                .contains(
                        "true accuracy 20.00 %, regret 70.00 %",
                        "the benchmark's accuracies are from 0 to 1 and were taken for fractions",
                        "true accuracies: the mean of test_accuracy_1, test_accuracy_2",
                        "rows of the benchmark that repeat an architecture: 1, taken into its mean");
    }

    @ParameterizedTest
    @CsvSource({
        "--batch, 0, '--batch: expected a number of at least 1, not 0'",
        "--channels, 0, '--channels: expected a number of at least 1, not 0'",
        "--threads, -1, '--threads: expected a number of at least 1, not -1'",
        "--batch, 1000000000, '--channels, --batch, --resolution: a feature map of 1000000000 images of 32x32 with 16"
                + " channels is not accepted; expected less than 2^31 values'",
        "--limit, 0, '--limit: expected a number of at least 1, not 0'",
        "--supernets, 0, '--supernets: expected a number of at least 1, not 0'",
        "--device, tpu, '--device: expected cpu, cuda or cuda:N, not tpu'",
        "--device, cuda, '--device: the engine vector is not built for GPUs on this class path; expected cpu'",
        "--precision, int8, '--precision: the engine vector does not compute in int8; expected float32'"
    })
    void benchOptionsThatAreNotAccepted(String option, String value, String refusal) throws IOException {
        Path subnets = Files.writeString(directory.resolve("subnets.txt"), SKIP + "\n");

        assertThat(CommandRun.of("bench", "--architectures", subnets.toString(), option, value)
                        .mistake())
                .isEqualTo(refusal);
    }

    @Test
    void strategiesAreListedWithWhatTheySet() {
        CommandRun run = CommandRun.succeeding("strategies");

        assertThat(run.out().lines())
                .contains(
                        "one-shot",
                        "        space.subspaces = 1",
                        "greedy-nas",
                        "        training.scheme = \"greedy\"",
                        "efs-nas-shared-parts",
                        "        training.sharing.mode = \"shared-parts\"",
                        "A configuration's own keys override those of its strategy.")
                .allMatch(line -> line.length() <= 100);
    }

    @Test
    void kernelsOfMostEnginesAreNotProfiledOnAGpu() {
        assertThat(CommandRun.of("bench", "--architectures", "subnets.txt", "--device", "cuda", "--profile")
                        .mistake())
                .startsWith("--profile: ")
                .endsWith("; expected --engine cuda or --device cpu");
    }

    @Test
    void spaceShowsTheSubspacesAndListsEveryArchitecture() throws IOException {
        Path list = directory.resolve("architectures.csv");

        CommandRun run = space("data.limit = 600", "--list", list.toString());

        assertThat(run.status()).as(run.err()).isZero();
        assertThat(run.out()).startsWith("nas-bench-201: 15,625 architectures, 15,284 of them connected");
        assertThat(Files.readAllLines(list))
                .hasSize(15_626)
                .doesNotHaveDuplicates()
                .startsWith("architecture,node,connected,nonlinearities,flops,parameters,live-flops,live-parameters")
                .anyMatch(line -> line.startsWith(SKIP + ",0,true,0,"))
                .anyMatch(line -> line.startsWith(UNCONNECTED + ",0,false,0,") && line.endsWith(",0,0"));
    }

    @Test
    void outputsReplaceNoFileUnlessTold() throws IOException {
        Path thesis = Files.writeString(directory.resolve("thesis.csv"), "mine");

        assertThat(space("", "--list", thesis.toString()).mistake())
                .isEqualTo("--list " + thesis + " exists; give another file, or --overwrite to replace it");
        assertThat(thesis).hasContent("mine");

        assertThat(space("", "--list", thesis.toString(), "--overwrite").status())
                .isZero();
        assertThat(Files.readString(thesis)).startsWith("architecture,");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ranking.csv", "search.json", "checkpoints/supernet-0/step-00000060.safetensors"})
    void outputsAreNeverFilesOfARun(String name) throws IOException {
        Path run = Files.createDirectories(directory.resolve("run"));
        Files.writeString(run.resolve("search.json"), "{}");
        Path output = run.resolve(name);

        assertThat(space("", "--overwrite", "--list", output.toString()).mistake())
                .isEqualTo("--list " + output + " is a file of the run directory file:" + run
                        + " itself; give another name");
        assertThat(CommandRun.of(
                                "score",
                                "--run-dir",
                                "other",
                                "--architectures",
                                "a",
                                "--output",
                                output.toString(),
                                "--overwrite")
                        .mistake())
                .contains("is a file of the run directory");
        assertThat(run.resolve("search.json")).hasContent("{}");
    }

    @Test
    void listThatIsADirectory() throws IOException {
        assertThat(space("", "--list", directory.toString()).mistake())
                .isEqualTo("--list " + directory + " is a directory; expected a file");
    }

    @ParameterizedTest
    @CsvSource({
        "data.shrink = 3, 'data.shrink: 3 is not accepted; expected a number that divides the sides of the images'",
        "data.limit = 20000, 'data.limit: 20000 is not accepted; expected 0 for all, or at most the 10000 images'",
        "supernet.channels = 100000, 'supernet.channels: 100000 is not accepted; expected a number with which no weight'",
        "network.channels = 100000, 'network.channels: 100000 is not accepted; expected a number with which no weight'",
        "training.batch = 5001, 'training.batch: 5001 is not accepted; expected at most the 5000 images'"
    })
    void settingsThatDoNotSuitTheImages(String setting, String refusal) throws IOException {
        assertThat(space(setting).mistake()).startsWith(refusal);
    }

    @ParameterizedTest
    @CsvSource({
        "report --run-dir, '', '--run-dir is empty; expected a path'",
        "report --run-dir, s3a://bucket/x, 's3a://bucket/x: the classes for s3a: are not on the class path; put hadoop-aws"
                + " there; accepted are file:, hdfs: and what else Hadoop is set up for'",
        "search --set data.train=[a] --master, nonsense, '--master nonsense is not accepted; expected local[N] or local[*],"
                + " spark://host:port, yarn or k8s://https://host:port'",
        "runs, '', 'DIR is empty; expected a path'"
    })
    void pathsAndMastersThatAreNotAccepted(String command, String argument, String refusal) {
        String[] arguments = Stream.concat(Stream.of(command.split(" ")), Stream.of(argument))
                .toArray(String[]::new);

        assertThat(CommandRun.of(arguments).mistake()).isEqualTo(refusal);
    }

    @Test
    void runDirectoryThatIsAFile() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "");

        assertThat(CommandRun.of("report", "--run-dir", file.toString()).mistake())
                .isEqualTo("--run-dir " + file + " is a file; expected a directory");
    }

    private CommandRun space(String settings, String... further) throws IOException {
        Path config = Files.writeString(
                directory.resolve("search.conf"), "data.train = [\"" + IMAGES + "\"]\n" + settings + "\n");
        return CommandRun.of(Stream.concat(Stream.of("space", "--config", config.toString()), Stream.of(further))
                .toArray(String[]::new));
    }

    private CommandRun correlate(String source, String path, String table) throws IOException {
        Path truth = Files.writeString(directory.resolve("truth.csv"), table);
        return CommandRun.of("correlate", source, path, "--table", truth.toString());
    }
}
