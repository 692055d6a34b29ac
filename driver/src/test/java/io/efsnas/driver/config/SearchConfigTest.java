package io.efsnas.driver.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.efsnas.data.Augmentation;
import io.efsnas.data.format.Decoding;
import io.efsnas.data.format.ImageFormat;
import io.efsnas.driver.rule.RankingRuleProvider;
import io.efsnas.network.ModelSize;
import io.efsnas.network.Shape;
import io.efsnas.split.Evidence;
import io.efsnas.split.MaskSubspace;
import io.efsnas.split.Subspace;
import io.efsnas.supernet.Precision;
import io.efsnas.supernet.SupernetSpec;
import io.efsnas.training.SchemeSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SearchConfigTest {

    private static final SchemeSpec BALANCED = new SchemeSpec("balanced", 1, Map.of());
    private static final Path CONF = Path.of("../conf");
    private static final SharingConfig INDEPENDENT =
            new SharingConfig(SharingConfig.Mode.INDEPENDENT, 0.5, SharingConfig.Restart.NONE);
    private static final Shape CIFAR = new Shape(3, 32, 32);

    @TempDir
    private Path folder;

    @Test
    void defaultsAreGood() {
        SearchConfig config = SearchConfig.parse("data.train = [/images]");

        assertThat(config)
                .isEqualTo(new SearchConfig(
                        "efs-nas",
                        1,
                        new SpaceConfig("nas-bench-201", Map.of(), "count", Optional.empty(), 3, false, Map.of(), 1),
                        new NetworkConfig(16, 5),
                        new DataConfig(
                                ImageFormat.IDX, Decoding.AS_IT_IS, List.of("/images"), List.of(), 0.5, 0.5, 0, 1),
                        new SupernetConfig("auto", List.of(5, 5, 5), 5, false, OptionalInt.empty(), Precision.FLOAT32),
                        new TrainingConfig(
                                97500,
                                25,
                                BALANCED,
                                64,
                                new TrainingConfig.LearningRate(0.025, 0.001),
                                0,
                                0.9,
                                5e-4,
                                0,
                                0,
                                0,
                                new Augmentation(true, 4),
                                new SharingConfig(SharingConfig.Mode.WARM_START, 0.5, SharingConfig.Restart.NONE),
                                new WorkersConfig(OptionalInt.of(1), 50)),
                        new ScoringConfig(
                                250,
                                OptionalInt.empty(),
                                new ScoredArchitectures.All(),
                                100,
                                new ScoringConfig.Recalibration(ScoringConfig.BatchNorm.BATCH, 20)),
                        new MeasuresConfig(32, Map.of()),
                        new RankingConfig(
                                "fusion",
                                RankingRuleProvider.named("fusion").defaults(),
                                RankingRuleProvider.named("fusion").defaults(),
                                List.of(),
                                new TreeMap<>()),
                        new RetrainConfig(
                                false,
                                RetrainConfig.Engine.AUTO,
                                new FinalistsConfig(1, List.of(), List.of(), OptionalInt.empty()),
                                200,
                                256,
                                new TrainingConfig.LearningRate(0.1, 0),
                                0.9,
                                5e-4,
                                0.1,
                                new RecipeConfig(0, 0, 0, 0, 0, 0, 0),
                                RetrainConfig.Mode.PARAMETER_AVERAGING,
                                10,
                                OptionalInt.empty()),
                        new SelectionConfig(
                                SelectionConfig.Strategy.RANKING,
                                OptionalLong.empty(),
                                new EvolutionConfig(50, 20, 10, 25, 25, 0.1),
                                new RegularizedEvolutionConfig(100, 25, 1, 1000)),
                        new CheckpointsConfig(2, OptionalLong.empty()),
                        new ClusterConfig(1, 600),
                        new TrackingConfig(Optional.empty(), "efsnas")));
    }

    @Test
    void settingsOfTheMeasuresThatAreUsedCount() throws IOException {
        Path file = write("data.train = [/images], ranking.measures = [table-accuracy, sigeo-loss]\n"
                + "measures { table.file = a/table.csv, zico.batches = 1 }");

        SearchConfig config = SearchConfig.load(Optional.of(file), List.of("measures.sigeo.batches=\"3\""));

        Map<String, Object> table = Map.of("file", "file:" + folder.resolve("a/table.csv"), "column", "test_accuracy");
        assertThat(config.measures().settings()).isEqualTo(Map.of("table", table, "sigeo", Map.of("batches", "3")));
        assertThat(config.measures().of(List.of("sigeo-loss")).imageBatches()).isEqualTo(3);
        assertThat(SearchConfig.parse(config.render())).isEqualTo(config);
    }

    @Test
    void overridesWinOverTheFileAndTheFileOverTheDefaults() throws IOException {
        Path file = write("data.train = [/images], training { steps = 100, rounds = 10 }, scoring.batch = 100");

        TrainingConfig training = SearchConfig.load(
                        Optional.of(file), List.of("training.steps=20", "training.steps = 30"))
                .training();

        assertThat(training.steps()).isEqualTo(30);
        assertThat(training.rounds()).isEqualTo(10);
        assertThat(training.batch()).isEqualTo(64);
    }

    @Test
    void overridesNeedNoFile() {
        SearchConfig config = SearchConfig.load(Optional.empty(), List.of("data.train=[\"hdfs://host/images\"]"));

        assertThat(config.data().train()).containsExactly("hdfs://host/images");
    }

    @Test
    void overridesCanAddToAList() throws IOException {
        Path file = write("data.train = [/a]");

        SearchConfig config = SearchConfig.load(Optional.of(file), List.of("data.train += /b"));

        assertThat(config.data().train()).containsExactly("/a", "/b");
    }

    @Test
    void relativePathsStartWhereTheyAreWritten() throws IOException {
        Path file = write("data.train = [../images/a.gz, /absolute, \"s3a://bucket/c\", \"file:/d\"]");

        DataConfig data = SearchConfig.load(Optional.of(file), List.of("data.test=[b.gz]"))
                .data();

        assertThat(data.train())
                .containsExactly(
                        "file:" + folder.resolveSibling("images/a.gz"), "/absolute", "s3a://bucket/c", "file:/d");
        assertThat(data.test()).containsExactly("file:" + Path.of("b.gz").toAbsolutePath());
    }

    @Test
    void supernetsHaveTheCellsOfTheFinalNetworkUnlessToldOtherwise() {
        assertThat(parse("network.cells = 3").supernet().cells()).isEqualTo(3);
        assertThat(parse("network.cells = 3, supernet.cells = 1").supernet().cells())
                .isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            textBlock =
                    """
                    space.subspaces = 1;                              16
                    space.subspaces = 2;                              8, 8
                    space.subspaces = 3;                              5, 5, 5
                    space.subspaces = 4;                              4, 4, 4, 4
                    network.channels = 32;                            10, 10, 10
                    supernet.channels = 7;                            7, 7, 7
                    supernet.channels = [6, 5, 4], training.sharing.mode = independent; 6, 5, 4
                    space.groups = [[3, 2], [0, 1]];                  8, 8
                    """)
    void supernetChannelsAreSharedOutAsConfigured(String text, String channels) {
        assertThat(parse(text).supernet().channels()).hasToString("[" + channels + "]");
    }

    @Test
    void sizesAreThoseOfTheFinalNetworkAndOfEachSubspacesSupernet() {
        SearchConfig config =
                parse("supernet { channels = [6, 5, 4], cells = 2 }, training.sharing.mode = independent");

        assertThat(config.finalSize(CIFAR, 10)).isEqualTo(new ModelSize(16, 5, CIFAR, 10));
        assertThat(Stream.of(0, 1, 2).map(part -> config.supernetSize(part, CIFAR, 10)))
                .containsExactly(
                        new ModelSize(6, 2, CIFAR, 10), new ModelSize(5, 2, CIFAR, 10), new ModelSize(4, 2, CIFAR, 10));
    }

    @Test
    void theSplitHasTheGroupsInTheirOrder() {
        assertThat(labels("space.groups = [[3], [1, 0], [2]]")).containsExactly("3", "0,1", "2");
        assertThat(labels("space.subspaces = 3")).containsExactly("0", "1", "2,3");
    }

    private static List<String> labels(String text) {
        SpaceConfig space = parse(text).space();
        return space.splitter().split(MaskSubspace.whole(space.space()), Evidence.NONE).stream()
                .map(Subspace::label)
                .toList();
    }

    @Test
    void aStrategyIsUnderTheConfigurationsOwnKeys() {
        SearchConfig oneShot = parse("strategy = one-shot");
        assertThat(oneShot.space().splitter().parts()).isEqualTo(1);
        assertThat(oneShot.training().sharing().mode()).isEqualTo(SharingConfig.Mode.INDEPENDENT);

        SearchConfig own = parse("strategy = one-shot, space.subspaces = 4, training.sharing.mode = shared-parts");
        assertThat(own.space().splitter().parts()).isEqualTo(4);
        assertThat(own.training().sharing().mode()).isEqualTo(SharingConfig.Mode.SHARED_PARTS);
    }

    @Test
    void onlyTheSchemeThatIsUsedHasSettings() {
        SearchConfig greedy = parse("strategy = greedy-nas, schemes.greedy { pool = 50, pool-share = 1 }");

        assertThat(greedy.training().scheme().name()).isEqualTo("greedy");
        assertThat(greedy.training().scheme().settings()).hasSize(10).containsEntry("pool", 50);
        assertThat(SearchConfig.parse(greedy.render())).isEqualTo(greedy);
        assertThat(parse("schemes.greedy.pool = 50").training().scheme()).isEqualTo(BALANCED);
        assertThat(SearchConfig.decidesResults("schemes.greedy.pool")).isTrue();
    }

    @Test
    void theDefaultStrategySetsTheDefaults() {
        assertThat(Strategy.all())
                .extracting(Strategy::name)
                .containsExactly(
                        "dynas",
                        "efs-nas",
                        "efs-nas-independent",
                        "efs-nas-shared-parts",
                        "eigen-nas",
                        "fair-nas",
                        "few-shot-nas",
                        "gm-nas",
                        "greedy-nas",
                        "hep-nas",
                        "nas-lid",
                        "one-shot",
                        "one-to-few",
                        "pi-nas",
                        "pi-nas-label-free",
                        "random-search",
                        "regularized-evolution",
                        "sigeo",
                        "training-free");
        Config reference = ConfigFactory.parseResources("reference.conf");
        Strategy.settingsOf(reference.getString("strategy")).entrySet().forEach(entry -> assertThat(
                        entry.getValue().unwrapped())
                .as(entry.getKey())
                .isEqualTo(reference.getValue(entry.getKey()).unwrapped()));
    }

    @Test
    void selectionHasTheSeedOfTheRunUnlessItHasItsOwn() {
        assertThat(parse("seed = -7").selectionSeed()).isEqualTo(-7);
        assertThat(parse("seed = -7, selection.seed = 3").selectionSeed()).isEqualTo(3);
    }

    @Test
    void renderingIsOverriddenInTheSectionsThatMayChange() {
        SearchConfig trained = parse("seed = 7, training.steps = 100, ranking.limits.flops = 5");

        SearchConfig changed = SearchConfig.parse(
                trained.render(),
                List.of("ranking.limits.flops=none", "selection.strategy=evolution"),
                Set.of("ranking", "selection"));

        assertThat(changed).isEqualTo(parse("seed = 7, training.steps = 100, selection.strategy = evolution"));
    }

    @Test
    void optimizerHasTheConfiguredValues() {
        assertThat(parse("training { momentum = 0.5, weight-decay = 0.25, gradient-clip = 2 }")
                        .training()
                        .optimizer())
                .isEqualTo(new SupernetSpec.Optimizer(0.5f, 0.25f, 2f));
    }

    @Property
    void roundsCutTheStepsEvenly(
            @ForAll @IntRange(min = 1, max = 500) int rounds,
            @ForAll @IntRange(min = 0, max = Integer.MAX_VALUE - 500) int more) {
        int steps = rounds + more;
        TrainingConfig training = cut(steps, rounds);

        assertThat(training.stepsUpTo(0)).isZero();
        assertThat(training.stepsUpTo(rounds)).isEqualTo(steps);
        assertThat(IntStream.rangeClosed(1, rounds)
                        .map(round -> training.stepsUpTo(round) - training.stepsUpTo(round - 1)))
                .allMatch(share -> share == steps / rounds || share == steps / rounds + 1);
    }

    @ParameterizedTest
    @CsvSource({
        "warm-start, 0.5, 25, 13",
        "warm-start, 0.49, 25, 12",
        "warm-start, 0.5, 4, 2",
        "warm-start, 0.01, 5, 1",
        "warm-start, 0.99, 5, 4",
        "warm-start, 0.5, 2, 1",
        "independent, 0.5, 25, 0",
        "shared-parts, 0.5, 1, 0"
    })
    void warmStartTakesWholeRounds(String mode, double share, int rounds, int warmStart) {
        TrainingConfig training = parse("training { rounds = " + rounds + ", sharing { mode = " + mode
                        + ", warm-start-share = " + share + " } }")
                .training();

        assertThat(training.warmStartRounds(1)).isEqualTo(warmStart);
    }

    @Test
    void stepsAreAskedOnlyForRoundsThatThereAre() {
        TrainingConfig training = cut(10, 2);

        assertThatThrownBy(() -> training.stepsUpTo(3)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void quickstartSearchesTheBundledImages() {
        SearchConfig config = SearchConfig.load(Optional.of(CONF.resolve("quickstart.conf")), List.of());

        assertThat(config.data().train())
                .containsExactly("file:"
                        + CONF.resolve("data/fashion-mnist/t10k-images-idx3-ubyte.gz")
                                .toAbsolutePath()
                                .normalize());
        assertThat(config.space().splitter().parts()).isEqualTo(3);
    }

    @Test
    void paperSettingsAreThoseOfThePaper() {
        SearchConfig config = SearchConfig.load(Optional.of(CONF.resolve("nas-bench-201-cifar10.conf")), List.of());

        SearchConfig defaults = SearchConfig.parse("data.train = [/images]");
        assertThat(config.space().groups()).contains(List.of(List.of(0, 1), List.of(2), List.of(3)));
        assertThat(config.network()).isEqualTo(defaults.network());
        assertThat(config.supernet()).isEqualTo(defaults.supernet());
        assertThat(config.training()).isEqualTo(defaults.training());
        assertThat(config.training().steps()).isEqualTo(250 * (25_000 / 64));
        assertThat(config.scoring()).isEqualTo(defaults.scoring());
        assertThat(config.data().format()).isEqualTo(ImageFormat.CIFAR10);
        assertThat(config.data().train()).isEqualTo(config.data().test()).hasSize(1);
    }

    private static TrainingConfig cut(int steps, int rounds) {
        TrainingConfig.LearningRate learningRate = new TrainingConfig.LearningRate(0.025, 0.001);
        Augmentation augmentation = new Augmentation(true, 4);
        WorkersConfig alone = new WorkersConfig(OptionalInt.of(1), 50);
        return new TrainingConfig(
                steps, rounds, BALANCED, 64, learningRate, 0, 0.9, 5e-4, 0, 0, 0, augmentation, INDEPENDENT, alone);
    }

    private static SearchConfig parse(String text) {
        return SearchConfig.parse("data.train = [/images]\n" + text);
    }

    private Path write(String text) throws IOException {
        return Files.writeString(folder.resolve("search.conf"), text);
    }

    @Test
    void noRankingDependsOnWhereASearchRuns() {
        assertThat(List.of("checkpoints.keep", "cluster.stalled-after", "retrain.learning-rate.final", "data.train"))
                .noneMatch(SearchConfig::decidesResults);
        assertThat(List.of("seed", "data.train-share", "training.steps", "ranking.limits.flops"))
                .allMatch(SearchConfig::decidesResults);
    }

    /** Networks of DARTS are no blocks in a row, which one of the experts looks at. */
    @Test
    void theDefaultRankingLeavesOutWhatASpaceCannotHave() {
        SearchConfig config = parse("space.name = darts");

        assertThat(config.ranking().rule().columns())
                .containsExactly("accuracy", "live-flops", "jacobian-covariance", "synflow");
        assertThat(parse("space.name = darts, ranking.rule = training-free")
                        .ranking()
                        .rule()
                        .columns())
                .containsExactly("live-flops", "jacobian-covariance", "synflow");
        assertThat(SearchConfig.parse(config.render())).isEqualTo(config);
        assertThat(parse("space.name = mobilenet").ranking().rule().columns()).contains("expressivity", "trainability");
    }
}
