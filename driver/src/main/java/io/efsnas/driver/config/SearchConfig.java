package io.efsnas.driver.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValueFactory;
import io.efsnas.driver.process.UserMistake;
import io.efsnas.network.ModelSize;
import io.efsnas.network.Shape;
import io.efsnas.training.Relation;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Everything that decides a search, checked. What each part means is written in {@code reference.conf}, whose sections
 * the components follow.
 *
 * @param strategy the name of the settings that those of the configuration override
 * @param seed the seed of every random number of the run
 */
public record SearchConfig(
        String strategy,
        long seed,
        SpaceConfig space,
        NetworkConfig network,
        DataConfig data,
        SupernetConfig supernet,
        TrainingConfig training,
        ScoringConfig scoring,
        MeasuresConfig measures,
        RankingConfig ranking,
        RetrainConfig retrain,
        SelectionConfig selection,
        CheckpointsConfig checkpoints,
        ClusterConfig cluster,
        TrackingConfig tracking) {

    /** Sections and keys that no ranking depends on: what a strategy sets are other keys. */
    private static final List<String> WITHOUT_EFFECT =
            List.of("strategy", "checkpoints", "cluster", "retrain", "tracking", "data.train", "data.test");

    /**
     * Reads overrides over a file over the defaults.
     *
     * @param file a file in HOCON; empty to use the defaults
     * @param overrides each {@code key=value} with the value in HOCON; a later one wins over an earlier one
     * @throws UserMistake in one line, naming the key, its value, what is accepted and where it was given
     */
    public static SearchConfig load(Optional<Path> file, List<String> overrides) {
        return read(ConfigLoader.load(file, overrides));
    }

    /**
     * Reads settings over the defaults.
     *
     * @throws UserMistake in one line, naming the key, its value, what is accepted and where it was given
     */
    public static SearchConfig of(Config given) {
        return read(ConfigLoader.load(given));
    }

    /**
     * Reads a text over the defaults, such as one that {@link #render} wrote.
     *
     * @throws UserMistake in one line, naming the key, its value, what is accepted and where it was given
     */
    public static SearchConfig parse(String text) {
        return read(ConfigLoader.parse(text));
    }

    /**
     * Reads overrides over a text that {@link #render} wrote.
     *
     * @param sections the sections whose keys may be overridden; what has been made depends on all others
     * @throws UserMistake in one line, naming the override or key and what is accepted
     */
    public static SearchConfig parse(String text, List<String> overrides, Set<String> sections) {
        return read(ConfigLoader.parse(text, overrides, sections));
    }

    static SearchConfig read(Section root) {
        SpaceConfig space = SpaceConfig.read(root);
        NetworkConfig network = NetworkConfig.read(root.section("network"), space.space());
        SupernetConfig supernet = SupernetConfig.read(
                root.section("supernet"),
                network,
                space.space(),
                space.splitter().leaves());
        TrainingConfig training =
                TrainingConfig.read(root, space.space(), space.splitter().levels());
        CheckpointsConfig checkpoints = CheckpointsConfig.read(root.section("checkpoints"));
        SharingConfig.Mode sharing = training.sharing().mode();
        if (sharing != SharingConfig.Mode.INDEPENDENT
                && supernet.channels().stream().distinct().count() > 1) {
            throw root.section("supernet")
                    .refuse(
                            "channels",
                            "training.sharing.mode = " + Key.of(sharing) + " needs the same number for every subspace;"
                                    + " expected that, or training.sharing.mode = independent");
        }
        if (training.sharing().restart() != SharingConfig.Restart.NONE
                && space.splitter().choice().isPresent()) {
            throw root.section("training")
                    .section("sharing")
                    .refuse(
                            SharingConfig.RESTART,
                            "expected none: with space.splitter = " + space.splitterName()
                                    + " one part is kept, which goes on from what those before it have learned");
        }
        if (sharing == SharingConfig.Mode.SHARED_PARTS && checkpoints.keep() < 2) {
            throw root.section("checkpoints")
                    .refuse(
                            "keep",
                            "expected at least 2: with training.sharing.mode = shared-parts a supernet that is a round"
                                    + " behind needs what the others had then");
        }
        if (training.scheme().create().learnsFrom().contains(Relation.SIBLING) && checkpoints.keep() < 2) {
            throw root.section("checkpoints")
                    .refuse(
                            "keep",
                            "expected at least 2: with training.scheme = "
                                    + training.scheme().name()
                                    + " a supernet that is a round behind needs what its siblings were then");
        }
        if (training.scheme().create().classifiesAtTheEndAlone()
                && space.splitter().probe().isPresent()) {
            throw root.section("space")
                    .refuse(
                            "splitter",
                            "expected one that measures no supernet, such as count: as training.scheme = "
                                    + training.scheme().name()
                                    + " is set, supernets learn to classify only at the end");
        }
        ScoringConfig scoring = ScoringConfig.read(root.section("scoring"));
        RankingConfig ranking = RankingConfig.read(root, space.space());
        return new SearchConfig(
                root.oneOf("strategy", Strategy.names()),
                root.wholeNumber("seed"),
                space,
                network,
                DataConfig.read(root.section("data")),
                supernet,
                training,
                scoring,
                MeasuresConfig.read(root.section(MeasuresConfig.MEASURES), ranking.used()),
                ranking,
                RetrainConfig.read(root.section("retrain")),
                SelectionConfig.read(root.section("selection")),
                checkpoints,
                ClusterConfig.read(root.section("cluster")),
                TrackingConfig.read(root.section("tracking")));
    }

    /**
     * The configuration as JSON, keys sorted, with what {@code auto} stood for where the configuration alone decides it.
     * {@link #parse} reads it back to an equal configuration.
     */
    public String render() {
        Map<String, Object> sections = Map.ofEntries(
                Map.entry("strategy", strategy),
                Map.entry("seed", seed),
                Map.entry("space", space.toMap()),
                Map.entry(SpaceConfig.SPACES, space.spacesToMap()),
                Map.entry(SpaceConfig.SPLITTERS, space.splittersToMap()),
                Map.entry("network", network.toMap()),
                Map.entry("data", data.toMap()),
                Map.entry("supernet", supernet.toMap()),
                Map.entry("training", training.toMap()),
                Map.entry(TrainingConfig.SCHEMES, training.schemesToMap()),
                Map.entry("scoring", scoring.toMap()),
                Map.entry(MeasuresConfig.MEASURES, measures.toMap()),
                Map.entry("ranking", ranking.toMap()),
                Map.entry(RankingConfig.RULES, ranking.rulesToMap()),
                Map.entry("retrain", retrain.toMap()),
                Map.entry("selection", selection.toMap()),
                Map.entry("checkpoints", checkpoints.toMap()),
                Map.entry("cluster", cluster.toMap()),
                Map.entry("tracking", tracking.toMap()));
        return ConfigValueFactory.fromMap(sections)
                .render(ConfigRenderOptions.concise().setFormatted(true));
    }

    /**
     * Whether the ranking of a search can depend on a key. It does not on what decides where and how safely a search runs,
     * or what follows it; nor on where the images are, as long as they are the same.
     *
     * @param key the full key, such as {@code training.steps}
     */
    public static boolean decidesResults(String key) {
        return WITHOUT_EFFECT.stream().noneMatch(part -> key.equals(part) || key.startsWith(part + "."));
    }

    /** How many rounds, the first ones, are trained before the parts of the space have supernets of their own. */
    public int warmStartRounds() {
        return training.warmStartRounds(space.splitter().levels());
    }

    /** The seed of the random numbers that decide which architectures are scored. */
    public long selectionSeed() {
        return selection.seed().orElse(seed);
    }

    /** The size of the network that FLOPs, parameters and limits refer to. */
    public ModelSize finalSize(Shape image, int classes) {
        return new ModelSize(network.channels(), network.cells(), image, classes);
    }

    /**
     * The size of a supernet.
     *
     * @param part which of the parts of the space it serves, from 0
     */
    public ModelSize supernetSize(int part, Shape image, int classes) {
        return new ModelSize(supernet.channels().get(part), supernet.cells(), image, classes, supernet.affine());
    }
}
