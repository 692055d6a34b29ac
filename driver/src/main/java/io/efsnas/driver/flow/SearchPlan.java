package io.efsnas.driver.flow;

import io.efsnas.data.Dataset;
import io.efsnas.data.DatasetSpec;
import io.efsnas.driver.config.DataConfig;
import io.efsnas.driver.config.SearchConfig;
import io.efsnas.driver.config.SelectionConfig;
import io.efsnas.driver.config.TrainingConfig;
import io.efsnas.driver.process.LongWait;
import io.efsnas.driver.process.UserMistake;
import io.efsnas.driver.rule.Columns;
import io.efsnas.driver.rule.RankingRule;
import io.efsnas.driver.run.NodeRecord;
import io.efsnas.driver.run.RunDirectory;
import io.efsnas.driver.run.SearchRecord;
import io.efsnas.driver.selection.Limits;
import io.efsnas.job.CheckpointPlace;
import io.efsnas.job.EngineSetup;
import io.efsnas.job.ImageSource;
import io.efsnas.job.RoundTask;
import io.efsnas.job.ScoringImages;
import io.efsnas.job.SearchJob;
import io.efsnas.job.TrialSpec;
import io.efsnas.measure.Measures;
import io.efsnas.measure.Needs;
import io.efsnas.measure.trial.ShortTraining;
import io.efsnas.network.Cost;
import io.efsnas.network.ModelSize;
import io.efsnas.network.Shape;
import io.efsnas.network.Weight;
import io.efsnas.space.Architecture;
import io.efsnas.space.Counted;
import io.efsnas.space.SearchSpace;
import io.efsnas.space.SpaceWeights;
import io.efsnas.split.Subspace;
import io.efsnas.split.SupernetNode;
import io.efsnas.split.SupernetTree;
import io.efsnas.training.TrainingPlan;
import java.math.BigInteger;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.util.SerializableConfiguration;

/** A configuration put together with the images that it names: what is trained, what is scored, what it costs. */
public final class SearchPlan {

    private final SearchConfig config;
    private final Optional<Dataset> dataset;
    private final Shape shape;
    private final int classes;
    private final TreePlan trees;
    private final ScoringPlan scoring;

    private SearchPlan(SearchConfig config, Optional<Dataset> dataset, Shape shape, int classes, Configuration hadoop) {
        this.config = config;
        this.dataset = dataset;
        this.shape = shape;
        this.classes = classes;
        this.trees = new TreePlan(config, shape, classes);
        this.scoring = ScoringPlan.of(config, hadoop);
    }

    /**
     * Reads the images and makes the plan.
     *
     * @throws UserMistake if the images cannot be used as configured, naming file or key
     */
    public static SearchPlan load(SearchConfig config, Configuration hadoop) {
        Dataset dataset;
        try (LongWait wait = new LongWait("the images of " + config.data().train())) {
            dataset = UserMistake.checking(() -> Dataset.load(spec(config), hadoop));
        }
        SearchPlan plan = of(config, dataset, hadoop);
        PlanChecks.warn(dataset);
        return plan;
    }

    /**
     * The plan of another configuration, for which images that are the same are not read again.
     *
     * @throws UserMistake if the images cannot be used as configured, naming file or key
     */
    public SearchPlan with(SearchConfig other, Configuration hadoop) {
        return dataset.filter(any -> spec(other).equals(spec(config)))
                .map(same -> of(other, same, hadoop))
                .orElseGet(() -> load(other, hadoop));
    }

    private static SearchPlan of(SearchConfig config, Dataset dataset, Configuration hadoop) {
        SearchPlan plan = new SearchPlan(config, Optional.of(dataset), dataset.shape(), dataset.classes(), hadoop);
        plan.checks().networks();
        plan.checks().images(dataset);
        return plan;
    }

    /**
     * Makes the plan to tell what it costs, which needs no pixel: if the images are not there, and their format says what
     * they are like, they are not asked for.
     *
     * @throws UserMistake if the images are needed and cannot be used as configured, naming file or key
     */
    public static SearchPlan loadForCosts(SearchConfig config, Configuration hadoop) {
        DataConfig data = config.data();
        Optional<Shape> shape = data.format().shape();
        OptionalInt classes = data.format().classes();
        if (shape.isEmpty() || classes.isEmpty() || hasFiles(config, hadoop)) {
            return load(config, hadoop);
        }
        Shape used = UserMistake.checking(
                () -> Dataset.shrunk(data.format().toString(), data.decoding().shape(shape.get()), data.shrink()));
        SearchPlan plan = new SearchPlan(config, Optional.empty(), used, classes.getAsInt(), hadoop);
        plan.checks().networks();
        return plan;
    }

    private PlanChecks checks() {
        return new PlanChecks(this, shape);
    }

    private static boolean hasFiles(SearchConfig config, Configuration hadoop) {
        return UserMistake.checking(() -> Dataset.hasFiles(spec(config), hadoop));
    }

    private static DatasetSpec spec(SearchConfig config) {
        DataConfig data = config.data();
        return new DatasetSpec(
                data.format(),
                data.decoding(),
                data.train(),
                data.test(),
                data.trainShare(),
                data.validationShare(),
                data.limit(),
                data.shrink(),
                config.seed());
    }

    public SearchConfig config() {
        return config;
    }

    /** The images; a plan of costs alone may have none. */
    public Dataset dataset() {
        return dataset.orElseThrow();
    }

    /** How many images train the supernets, if they were read. */
    public OptionalInt trainImages() {
        return dataset.stream().mapToInt(images -> images.train().size()).findFirst();
    }

    /** What is searched. */
    public SearchSpace space() {
        return trees.space();
    }

    /** The supernets as far as they are known before anything is trained. */
    public SupernetTree knownTree() {
        return trees.grown(any -> Optional.empty());
    }

    /** The phases of the training, and the supernets that each of them has. */
    TreePlan trees() {
        return trees;
    }

    /** The network that costs and limits refer to. */
    public ModelSize finalSize() {
        return config.finalSize(shape, classes);
    }

    /**
     * An architecture that a user names.
     *
     * @param option the option that names it
     * @throws UserMistake if the space does not have it, or no image reaches its output
     */
    public Architecture requireConnected(String option, String text) {
        Architecture architecture = UserMistake.checking(option + " ", () -> space().parse(text));
        if (!space().connected(architecture)) {
            throw new UserMistake("the image does not reach the output of " + text);
        }
        return architecture;
    }

    /** What to tell a user who asks for an architecture that no supernet of a run directory serves. */
    String notServed(String run, SupernetTree tree, Architecture architecture) {
        return "no supernet of " + run + " serves " + space().format(architecture)
                + "; expected an architecture of the part of the space whose supernet was kept, "
                + tree.leaves().stream().map(leaf -> leaf.subspace().label()).collect(Collectors.joining(" | "));
    }

    /** What the selected architecture may cost. */
    Limits limits() {
        return new Limits(config.ranking().limits());
    }

    int scoredImages() {
        return config.scoring().images().orElseGet(() -> dataset().validation().size());
    }

    /** The images, and how many of them are used for what. */
    SearchRecord.Data data() {
        Dataset images = dataset();
        return new SearchRecord.Data(
                images.fingerprint(),
                images.shape().toString(),
                images.classes(),
                images.emptyClasses().size(),
                images.train().size(),
                images.validation().size(),
                images.test().size(),
                scoredImages());
    }

    /**
     * Supernets as {@code search.json} has them.
     *
     * @param tree the tree as far as it is known
     */
    List<NodeRecord> records(SupernetTree tree, PhaseWorkers workers) {
        return tree.nodes().stream()
                .map(node -> NodeRecord.of(
                        node, supernetParameters(node.size()), workers.of(node.id()), tree.isDropped(node)))
                .toList();
    }

    /** Learned values of a supernet. */
    public long supernetParameters(ModelSize size) {
        return SpaceWeights.of(space(), size).all().stream()
                .mapToLong(Weight::size)
                .sum();
    }

    /**
     * What executors need to know.
     *
     * @param id the id of the search
     * @param tree the supernets as far as they are known
     * @param supernets the run directory that has their checkpoints
     */
    SearchJob job(String id, SupernetTree tree, EngineSetup engine, RunDirectory supernets, Configuration hadoop) {
        TrainingConfig training = config.training();
        return new SearchJob(
                id,
                tree,
                new TrainingPlan(
                        training.steps(),
                        training.scheme(),
                        training.batch(),
                        training.rates(),
                        training.labelSmoothing(),
                        training.pathDropout(),
                        training.augmentation(),
                        config.seed()),
                training.optimizer(),
                engine,
                images(hadoop),
                new CheckpointPlace(
                        supernets.checkpoints(),
                        config.checkpoints().keep(),
                        config.checkpoints().everySteps().orElse(0)));
    }

    /** The images, as a task is told of them. */
    ImageSource images(Configuration hadoop) {
        return new ImageSource(spec(config), dataset().fingerprint(), new SerializableConfiguration(hadoop));
    }

    /**
     * How networks are trained that measures train: as the supernets, and of their size.
     *
     * @throws UserMistake if the supernets are not all of one size
     */
    TrialSpec trialSpec() {
        List<Integer> channels = config.supernet().channels();
        if (channels.stream().distinct().count() > 1) {
            throw new UserMistake("supernet.channels: " + channels + " is not accepted; expected one number, since"
                    + " architectures are compared that are trained by themselves with as many channels");
        }
        TrainingConfig training = config.training();
        return new TrialSpec(
                config.supernetSize(0, shape, classes),
                training.optimizer(),
                training.batch(),
                training.rates(),
                scoringBatch(),
                scoredImages());
    }

    /** What subnets are scored on. */
    ScoringImages scoringImages() {
        return new ScoringImages(
                scoringBatch(), scoredImages(), config.scoring().recalibration().batches());
    }

    /** Images scored at a time. */
    int scoringBatch() {
        return Math.min(config.scoring().batch(), scoredImages());
    }

    /** What the parts of an architecture cost as the final network that the image passes on its way to the output. */
    public Cost liveCost(Architecture architecture) {
        return space().liveCost(architecture, finalSize());
    }

    /** One of {@link Columns#COSTS} of an architecture. */
    double cost(Architecture architecture, String column) {
        return switch (column) {
            case Columns.FLOPS -> cost(architecture).flops();
            case Columns.PARAMETERS -> cost(architecture).parameters();
            case Columns.LIVE_FLOPS -> liveCost(architecture).flops();
            case Columns.LIVE_PARAMETERS -> liveCost(architecture).parameters();
            default -> throw new IllegalArgumentException(column + " is no cost");
        };
    }

    /** The rounds of a supernet, of which it takes each in as many steps as it stands for supernets. */
    List<RoundTask> rounds(SupernetNode node) {
        TrainingConfig training = config.training();
        return IntStream.range(node.phase().fromRound(), node.phase().toRound())
                .mapToObj(round -> new RoundTask(
                        node.id(),
                        round,
                        (long) node.width() * training.stepsUpTo(round),
                        (long) node.width() * training.stepsUpTo(round + 1)))
                .toList();
    }

    /** The architectures that are scored, if that is known before anything is trained: not those of an evolution. */
    public Optional<List<Architecture>> knownToBeScored() {
        SupernetTree known = knownTree();
        return config.selection().strategy() == SelectionConfig.Strategy.RANKING && trees.isComplete(known)
                ? Optional.of(scoring.architectures(known))
                : Optional.empty();
    }

    /** How many architectures are scored at most; 0 if nobody knows before supernets are trained. */
    long scoredAtMost() {
        SelectionConfig selection = config.selection();
        return switch (selection.strategy()) {
            case RANKING -> knownToBeScored().map(List::size).orElse(0);
            case RANDOM, EVOLUTION -> (long) selection.evolution().population()
                    * selection.evolution().generations();
            case REGULARIZED_EVOLUTION -> selection.regularized().architectures();
        };
    }

    /** How many architectures are scored at most, where splits are measured as well. */
    long rankedAtMost() {
        return config.selection().strategy() == SelectionConfig.Strategy.RANKING
                ? scoring.most(knownTree())
                : scoredAtMost();
    }

    /** The same for an estimate: where a part of the space will be kept, a likely size of it. */
    long rankedAbout() {
        long most = rankedAtMost();
        return trees.conceivablyKept()
                .flatMap(Subspace::size)
                .map(size -> size.min(BigInteger.valueOf(most)).longValueExact())
                .orElse(most);
    }

    /** The steps of each network that a measure trains by itself; 0 if none does. */
    int stepsOfATrial() {
        return measures().measures().stream()
                .filter(ShortTraining.class::isInstance)
                .mapToInt(measure -> ((ShortTraining) measure).steps())
                .findFirst()
                .orElse(0);
    }

    /** Which architectures are scored, unless an evolution or a random draw decides. */
    ScoringPlan scoring() {
        return scoring;
    }

    /** What an architecture costs as the final network. */
    public Cost cost(Architecture architecture) {
        return space().cost(architecture, finalSize());
    }

    /** What subnets are ranked by. */
    RankingRule rule() {
        return config.ranking().rule();
    }

    /** Whether supernets have to be trained for what is measured. */
    public boolean trains() {
        return config.ranking().columns().stream().anyMatch(Columns.LEARNED::contains)
                || !trainedMeasures().columns().isEmpty();
    }

    /** What the search asks of supernets that not all engines give. */
    Set<EngineNeed> engineNeeds() {
        if (!trains()) {
            return Set.of();
        }
        Set<EngineNeed> needs = trees.engineNeeds();
        if (trainedMeasures().needGradients()) {
            needs.add(EngineNeed.INSPECTION);
        }
        if (scoringImages().recalibration() > 0) {
            needs.add(EngineNeed.RECALIBRATION);
        }
        return needs;
    }

    /** The measures of every subnet beside accuracy and loss that need its trained supernet. */
    Measures trainedMeasures() {
        return allMeasures().needing(Set.of(Needs.TRAINED));
    }

    /** The other measures of every subnet. */
    Measures measures() {
        return allMeasures().needing(EnumSet.complementOf(EnumSet.of(Needs.TRAINED)));
    }

    /** All that decides what is measured of networks other than supernets: searches where it is equal measure the same. */
    public String measuredNetworks() {
        Measures all = measures();
        return Stream.of(
                        config.seed(),
                        config.space().name(),
                        config.space().ofSpace(),
                        config.network(),
                        config.data(),
                        config.measures(),
                        all.columns(),
                        config.supernet().engine(),
                        config.supernet().threads(),
                        config.training().augmentation(),
                        all.need(Needs.TRAINABLE) ? List.of(config.supernet(), config.training()) : "")
                .map(Object::toString)
                .collect(Collectors.joining(" "));
    }

    /** Those that the ranking asks for, and what costs nothing and everybody wants to know. */
    Measures allMeasures() {
        Set<String> columns = new LinkedHashSet<>();
        if (space() instanceof Counted) {
            columns.add(Columns.NONLINEARITIES);
        }
        columns.addAll(List.of(Columns.FLOPS, Columns.PARAMETERS));
        columns.addAll(config.ranking().columns());
        columns.removeAll(Columns.LEARNED);
        return config.measures().of(List.copyOf(columns));
    }
}
