package io.efsnas.driver.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValue;
import io.efsnas.measure.Measure;
import io.efsnas.provider.Provider;
import io.efsnas.provider.Providers;
import io.efsnas.space.SearchSpace;
import io.efsnas.split.SplitterProvider;
import io.efsnas.training.TrainingSchemeProvider;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds reference.conf, the readers and the renderer to the same keys. */
class ReferenceConfTest {

    private static final Config REFERENCE = ConfigFactory.parseResources("reference.conf");

    /** Accepted only with a warm start. */
    private static final String RESTART = "training.sharing.restart";

    /** The other values of these keys have none. */
    private static final Set<String> WARM_START = Set.of("strategy", "training.sharing.mode");

    private static final Set<String> NAMES = Set.of("space.name", "space.splitter");

    /** The splitter with settings in its section of the space, and that of the tests. */
    private static final Set<String> OTHERS = Set.of("count", "by-loss");

    /** The one key whose default is not accepted. */
    private static final String BASE = "data.train = [/images]\n";

    private static final SearchConfig DEFAULTS = SearchConfig.parse(BASE);

    /**
     * For each key values that are not its default, and are accepted whatever of these the other keys have, but for {@link
     * #RESTART}.
     */
    private static final Map<String, Arbitrary<String>> OTHER_VALUES = new TreeMap<>(Map.ofEntries(
            Map.entry("strategy", Arbitraries.of("one-shot", "efs-nas-shared-parts")),
            Map.entry("seed", Arbitraries.longs().filter(seed -> seed != 1).map(String::valueOf)),
            Map.entry("space.groups", Arbitraries.of("[[3], [2], [0, 1]]", "[[0], [1, 2], [3]]")),
            Map.entry("space.subspaces", Arbitraries.of("1", "2", "4")),
            Map.entry("space.progressive", Arbitraries.of("true")),
            Map.entry("network.channels", ints(17, 1000)),
            Map.entry("network.cells", ints(6, 100)),
            Map.entry("data.format", Arbitraries.of("cifar10", "imagenet16-120", "folder", "shards")),
            Map.entry("data.side", ints(1, 1000)),
            Map.entry("data.damaged", Arbitraries.of("skip")),
            Map.entry("data.train", Arbitraries.of("[/a]", "[\"hdfs://host/b c\", file.gz]")),
            Map.entry("data.test", Arbitraries.of("[/a]", "[\"hdfs://host/b c\", file.gz]")),
            Map.entry("data.train-share", decimals(0.01, 0.49)),
            Map.entry("data.validation-share", decimals(0.01, 0.49)),
            Map.entry("data.limit", ints(1, Integer.MAX_VALUE)),
            Map.entry("data.shrink", ints(2, 64)),
            Map.entry("supernet.engine", Arbitraries.of("libtorch", "a b")),
            Map.entry("supernet.channels", ints(17, 1000)),
            Map.entry("supernet.cells", ints(6, 100)),
            Map.entry("supernet.affine", Arbitraries.of("true")),
            Map.entry("supernet.threads", ints(1, 1000)),
            Map.entry("supernet.precision", Arbitraries.of("tf32", "bfloat16")),
            Map.entry("training.steps", ints(100, 97_499)),
            Map.entry("training.rounds", ints(26, 100)),
            Map.entry("training.scheme", Arbitraries.of("uniform")),
            Map.entry("training.subnets-per-step", ints(2, 100)),
            Map.entry("training.batch", ints(65, 10_000)),
            Map.entry("training.learning-rate.initial", decimals(0.1, 5)),
            Map.entry("training.learning-rate.final", decimals(0.002, 0.02)),
            Map.entry("training.warm-up", decimals(0.01, 1)),
            Map.entry("training.momentum", decimals(0, 0.89)),
            Map.entry("training.weight-decay", decimals(0.001, 0.99)),
            Map.entry("training.gradient-clip", decimals(0.01, 1000)),
            Map.entry("training.label-smoothing", decimals(0.01, 0.99)),
            Map.entry("training.path-dropout", decimals(0.01, 0.99)),
            Map.entry("training.augmentation.flip", Arbitraries.of("false")),
            Map.entry("training.augmentation.crop-padding", ints(5, 100)),
            Map.entry("training.augmentation.smallest-crop", decimals(0.01, 0.99)),
            Map.entry("training.augmentation.color-jitter", decimals(0.01, 0.99)),
            Map.entry("training.sharing.mode", Arbitraries.of("independent", "shared-parts")),
            Map.entry("training.sharing.warm-start-share", decimals(0.51, 0.99)),
            Map.entry(RESTART, Arbitraries.of("final")),
            Map.entry("training.workers", Arbitraries.of("auto", "2", "64")),
            Map.entry("training.averaging.steps", ints(51, 1000)),
            Map.entry("scoring.batch", ints(251, 10_000)),
            Map.entry("scoring.images", ints(2, Integer.MAX_VALUE)),
            Map.entry("scoring.architectures", ints(1, Integer.MAX_VALUE)),
            Map.entry("scoring.batch-norm", Arbitraries.of("recalibrated")),
            Map.entry("scoring.recalibration.batches", ints(21, 1000)),
            Map.entry("scoring.repeated-architectures", ints(101, 10_000)),
            Map.entry("measures.batch", ints(33, 1000)),
            Map.entry("ranking.rule", Arbitraries.of("accuracy", "loss", "training-free")),
            Map.entry("ranking.measures", Arbitraries.of("[loss]", "[live-parameters, trainability]")),
            Map.entry("ranking.limits.flops", longs(1, Long.MAX_VALUE)),
            Map.entry("ranking.limits.parameters", longs(1, Long.MAX_VALUE)),
            Map.entry("ranking.limits.live-flops", longs(1, Long.MAX_VALUE)),
            Map.entry("ranking.limits.live-parameters", longs(1, Long.MAX_VALUE)),
            Map.entry("ranking.limits.latency", longs(1, Long.MAX_VALUE)),
            Map.entry("retrain.enabled", Arbitraries.of("true")),
            Map.entry("retrain.engine", Arbitraries.of("dl4j")), // since libtorch does not go with several workers
            Map.entry("retrain.top", Arbitraries.of("8")),
            Map.entry("retrain.halving", Arbitraries.of("[8, 2]", "[8, 3]")),
            Map.entry("retrain.halving-shares", Arbitraries.of("[0.25, 1]", "[0.5, 1]")),
            Map.entry("retrain.held-out", ints(1, 100)),
            Map.entry("retrain.epochs", ints(201, 1000)),
            Map.entry("retrain.batch", ints(257, 10_000)),
            Map.entry("retrain.learning-rate.initial", decimals(0.2, 5)),
            Map.entry("retrain.learning-rate.final", decimals(0.002, 0.02)),
            Map.entry("retrain.momentum", decimals(0, 0.89)),
            Map.entry("retrain.weight-decay", decimals(0.001, 0.99)),
            Map.entry("retrain.label-smoothing", decimals(0.2, 0.99)),
            Map.entry("retrain.dropout", decimals(0.01, 0.99)),
            Map.entry("retrain.drop-path", decimals(0.01, 0.99)),
            Map.entry("retrain.auxiliary-weight", decimals(0.01, 5)),
            Map.entry("retrain.warm-up", ints(1, 100)),
            Map.entry("retrain.cutout", ints(1, 100)),
            Map.entry("retrain.gradient-clip", decimals(0.1, 100)),
            Map.entry("retrain.average-decay", decimals(0.1, 0.999)),
            Map.entry("retrain.mode", Arbitraries.of("gradient-sharing")),
            Map.entry("retrain.averaging-frequency", ints(11, 100)),
            Map.entry("tracking.mlflow", Arbitraries.of("\"http://host:5000\"")),
            Map.entry("tracking.experiment", Arbitraries.of("mine")),
            Map.entry("retrain.workers", ints(1, 100)),
            Map.entry("selection.strategy", Arbitraries.of("random", "evolution", "regularized-evolution")),
            Map.entry("selection.seed", longs(0, Long.MAX_VALUE)),
            Map.entry("selection.evolution.population", ints(51, 1000)),
            Map.entry("selection.evolution.generations", ints(21, 1000)),
            Map.entry("selection.evolution.parents", ints(1, 9)),
            Map.entry("selection.evolution.crossover", ints(0, 24)),
            Map.entry("selection.evolution.mutation", ints(0, 24)),
            Map.entry("selection.evolution.mutation-probability", decimals(0.11, 1)),
            Map.entry("selection.regularized-evolution.population", ints(101, 1000)),
            Map.entry("selection.regularized-evolution.sample", ints(26, 1000)),
            Map.entry("selection.regularized-evolution.children", ints(2, 100)),
            Map.entry("selection.regularized-evolution.architectures", ints(1001, 10_000)),
            Map.entry("checkpoints.keep", ints(3, 100)),
            Map.entry("checkpoints.every-steps", longs(1, Long.MAX_VALUE)),
            Map.entry("cluster.gpus-per-supernet", decimals(0.01, 0.5)),
            Map.entry("cluster.stalled-after", ints(1, 599))));

    static Stream<Map.Entry<String, ConfigValue>> keys() {
        return REFERENCE.entrySet().stream();
    }

    @ParameterizedTest
    @MethodSource("keys")
    void everyKeyHasAComment(Map.Entry<String, ConfigValue> key) {
        assertThat(key.getValue().origin().comments()).isNotEmpty();
    }

    /** A search has no part of a comparison. */
    private static Stream<String> keysOfASearch() {
        return keys().map(Map.Entry::getKey).filter(key -> !key.startsWith("compare."));
    }

    /** The names of the space and of its splitter are left out: there is one space yet, and splitters have other parts. */
    @Test
    void otherValuesCoverEveryKey() {
        assertThat(keysOfASearch().filter(key -> !NAMES.contains(key)))
                .containsExactlyInAnyOrderElementsOf(OTHER_VALUES.keySet());
    }

    /** They are written in comments, as a search has only the settings of what it uses. */
    @Test
    void theCommentsHaveTheDefaultsOfSettings() {
        assertCommented(
                "schemes",
                TrainingSchemeProvider.names().stream()
                        .map(TrainingSchemeProvider::named)
                        .toList(),
                "dynamic",
                "each-group",
                "greedy",
                "mutual",
                "pi",
                "sandwich");
        assertCommented("spaces", Providers.all(SearchSpace.class), "mobilenet", "mobilenet-se");
        assertCommented(
                "splitters",
                SplitterProvider.names().stream()
                        .map(SplitterProvider::named)
                        .filter(provider -> !OTHERS.contains(provider.name()))
                        .toList(),
                "dimension",
                "edge",
                "gradient",
                "hierarchy");
        assertCommented(
                "measures",
                Providers.all(Measure.class),
                "latency",
                "ntk",
                "short-training",
                "sigeo",
                "sigeo-trained",
                "table",
                "zico");
    }

    private static void assertCommented(String section, List<? extends Provider> providers, String... names) {
        String comments = REFERENCE.getValue(section).origin().comments().stream()
                .dropWhile(line -> !line.endsWith("{"))
                .collect(Collectors.joining("\n"));
        Config inComments = ConfigFactory.parseString(comments);
        for (Provider provider : providers) {
            Map<String, Object> defaults = provider.defaults();
            assertThat(
                            defaults.isEmpty()
                                    ? Map.of()
                                    : inComments.getObject(provider.name()).unwrapped())
                    .as(provider.name())
                    .isEqualTo(defaults);
        }
        assertThat(inComments.root().keySet()).containsExactlyInAnyOrder(names);
    }

    @Property(tries = 300)
    void noKeyIsIgnored(@ForAll("change") Map<String, String> change) {
        assertThat(parse(change)).isNotEqualTo(DEFAULTS);
    }

    @Property(tries = 100)
    void everyConfigurationIsReadBackFromItsRendering(@ForAll("changes") Map<String, String> changes) {
        SearchConfig config = parse(changes);

        assertThat(SearchConfig.parse(config.render())).isEqualTo(config);
        assertThat(ConfigFactory.parseString(config.render()).entrySet())
                .extracting(Map.Entry::getKey)
                // the keys of the rule that ranks, and of the measure that has a limit
                .filteredOn(key -> !key.startsWith("rules.") && !key.startsWith("measures.latency."))
                .containsExactlyInAnyOrderElementsOf(keysOfASearch().toList());
    }

    @Provide
    Arbitrary<Map<String, String>> change() {
        return changesOf(1, 1);
    }

    @Provide
    Arbitrary<Map<String, String>> changes() {
        return changesOf(0, OTHER_VALUES.size());
    }

    private static Arbitrary<Map<String, String>> changesOf(int fewest, int most) {
        Arbitrary<Map.Entry<String, String>> change = Arbitraries.of(OTHER_VALUES.keySet())
                .flatMap(key -> OTHER_VALUES.get(key).map(value -> Map.entry(key, value)));
        return change.list()
                .ofMinSize(fewest)
                .ofMaxSize(most)
                .uniqueElements(Map.Entry::getKey)
                .map(entries -> entries.stream().collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)))
                .filter(all -> !all.containsKey(RESTART) || Collections.disjoint(all.keySet(), WARM_START));
    }

    private static SearchConfig parse(Map<String, String> changes) {
        StringBuilder text = new StringBuilder(BASE);
        changes.forEach(
                (key, value) -> text.append(key).append(" = ").append(value).append('\n'));
        return SearchConfig.parse(text.toString());
    }

    private static Arbitrary<String> ints(int least, int most) {
        return Arbitraries.integers().between(least, most).map(String::valueOf);
    }

    private static Arbitrary<String> longs(long least, long most) {
        return Arbitraries.longs().between(least, most).map(String::valueOf);
    }

    private static Arbitrary<String> decimals(double least, double most) {
        return Arbitraries.doubles().between(least, most).ofScale(4).map(String::valueOf);
    }
}
