package io.efsnas.driver.flow;

import io.efsnas.checkpoint.SupernetIndex;
import io.efsnas.data.Dataset;
import io.efsnas.data.DatasetSpec;
import io.efsnas.driver.config.DataConfig;
import io.efsnas.driver.config.RetrainConfig;
import io.efsnas.driver.config.SearchConfig;
import io.efsnas.driver.config.SharingConfig;
import io.efsnas.driver.config.TrainingConfig;
import io.efsnas.driver.process.LongWait;
import io.efsnas.driver.process.UserMistake;
import io.efsnas.driver.ranking.RankedBy;
import io.efsnas.driver.ranking.RankingScore;
import io.efsnas.driver.ranking.Reliability;
import io.efsnas.driver.ranking.ScoredSubnet;
import io.efsnas.driver.retrain.Retraining;
import io.efsnas.driver.retrain.cluster.RetrainingPlan;
import io.efsnas.driver.run.RunDirectory;
import io.efsnas.driver.run.SearchRecord;
import io.efsnas.driver.run.SearchRecord.SubspacePlan;
import io.efsnas.driver.selection.Limits;
import io.efsnas.job.ImageSource;
import io.efsnas.job.RetrainingJob;
import io.efsnas.job.RoundTask;
import io.efsnas.job.SearchJob;
import io.efsnas.network.Cost;
import io.efsnas.network.ModelSize;
import io.efsnas.network.Shape;
import io.efsnas.network.Weight;
import io.efsnas.random.KeyedRandom;
import io.efsnas.random.KeyedRandom.Purpose;
import io.efsnas.retraining.RetrainedNetworkSpec;
import io.efsnas.retraining.RetrainingSchedule;
import io.efsnas.scoring.SubnetScore;
import io.efsnas.space.Architecture;
import io.efsnas.space.Counted;
import io.efsnas.space.Enumeration;
import io.efsnas.space.SearchSpace;
import io.efsnas.space.SpaceWeights;
import io.efsnas.split.Partition;
import io.efsnas.split.Subspace;
import io.efsnas.supernet.Precision;
import io.efsnas.supernet.SupernetSpec;
import io.efsnas.training.TrainingPlan;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.util.SerializableConfiguration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A configuration put together with the images that it names: what is trained, what is scored, what it costs. */
public final class SearchPlan {

    private static final Logger log = LoggerFactory.getLogger(SearchPlan.class);

    /** As many classes are listed in a line. */
    private static final int SHOWN = 10;

    private final SearchConfig config;
    private final Optional<Dataset> dataset;
    private final Shape shape;
    private final int classes;
    private final Partition partition;

    private SearchPlan(SearchConfig config, Optional<Dataset> dataset, Shape shape, int classes) {
        this.config = config;
        this.dataset = dataset;
        this.shape = shape;
        this.classes = classes;
        this.partition = config.partition();
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
        SearchPlan plan = new SearchPlan(config, Optional.of(dataset), dataset.shape(), dataset.classes());
        plan.checkNetworks();
        plan.checkImages(dataset);
        warn(dataset);
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
        Shape used = UserMistake.checking(() -> Dataset.shrunk(data.format().toString(), shape.get(), data.shrink()));
        SearchPlan plan = new SearchPlan(config, Optional.empty(), used, classes.getAsInt());
        plan.checkNetworks();
        return plan;
    }

    private static boolean hasFiles(SearchConfig config, Configuration hadoop) {
        return UserMistake.checking(() -> Dataset.hasFiles(spec(config), hadoop));
    }

    private static DatasetSpec spec(SearchConfig config) {
        DataConfig data = config.data();
        return new DatasetSpec(
                data.format(),
                data.train(),
                data.test(),
                data.trainShare(),
                data.validationShare(),
                data.limit(),
                data.shrink(),
                config.seed());
    }

    /** Fails before anything has begun if a network could not be made. */
    private void checkNetworks() {
        requireCountable("network.channels", finalSize(), 1);
        for (Subspace subspace : partition.subspaces()) {
            requireCountable(
                    "supernet.channels",
                    supernetSize(subspace),
                    config.training().batch());
        }
        int padding = config.training().augmentation().cropPadding();
        int side = Math.min(shape.height(), shape.width());
        if (padding >= side) {
            throw new UserMistake("training.augmentation.crop-padding: " + padding + " is not accepted;"
                    + " expected less than the " + side + " pixels of an image's side");
        }
    }

    /** The same if there are not the images to train or score a supernet, or to retrain a network. */
    private void checkImages(Dataset dataset) {
        if (config.retrain().enabled() && dataset.test().size() == 0) {
            throw new UserMistake(Retraining.NO_TEST_IMAGES);
        }
        int toTrain = dataset.train().size();
        if (config.training().batch() > toTrain) {
            throw new UserMistake("training.batch: " + config.training().batch() + " is not accepted;"
                    + " expected at most the " + toTrain + " images of the train part");
        }
        int available = dataset.validation().size();
        config.scoring().images().ifPresent(images -> {
            if (images > available) {
                throw new UserMistake("scoring.images: " + images + " is not accepted; expected all, or at"
                        + " most the " + available + " images of the validation part");
            }
        });
    }

    private void requireCountable(String key, ModelSize size, int batch) {
        if (!countable(size, batch)) {
            throw new UserMistake(key + ": " + size.channels() + " is not accepted; expected a number with which"
                    + " no weight of the network and no feature map of a training batch has 2^31 values or more");
        }
    }

    /** Arrays of Java's, which hold weights and feature maps, have less than 2^31 values. */
    private boolean countable(ModelSize size, int batch) {
        Shape image = size.image();
        try {
            long map = Math.multiplyExact((long) size.channels() * image.height(), (long) image.width() * batch);
            return map <= Integer.MAX_VALUE
                    && SpaceWeights.of(space(), size).all().stream().allMatch(weight -> weight.size() > 0);
        } catch (ArithmeticException e) { // as counting them in whole numbers of 32 bits overflows
            return false;
        } catch (IllegalArgumentException e) { // the space has no network for images of this shape
            throw new UserMistake("data.train, data.shrink: " + e.getMessage(), e);
        }
    }

    /** What is no mistake for certain. */
    private static void warn(Dataset dataset) {
        List<Integer> empty = dataset.emptyClasses();
        if (!empty.isEmpty()) {
            log.warn(
                    "data.train: of {} classes {} have no image: {}; labels may be wrong",
                    dataset.classes(),
                    empty.size(),
                    empty.size() <= SHOWN
                            ? empty.stream().map(String::valueOf).collect(Collectors.joining(", "))
                            : empty.get(0) + " to " + empty.get(empty.size() - 1) + " among them");
        }
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

    public Partition partition() {
        return partition;
    }

    private SearchSpace space() {
        return partition.space();
    }

    /** The network that costs and limits refer to. */
    public ModelSize finalSize() {
        return config.finalSize(shape, classes);
    }

    /** What the selected architecture may cost. */
    Limits limits() {
        return new Limits(config.ranking().maxFlops(), config.ranking().maxParameters());
    }

    public ModelSize supernetSize(Subspace subspace) {
        return config.supernetSize(subspace, shape, classes);
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

    /** The subspaces and their supernets, as {@code search.json} has them. */
    List<SubspacePlan> subspacePlans() {
        return partition.subspaces().stream().map(this::subspacePlan).toList();
    }

    private SubspacePlan subspacePlan(Subspace subspace) {
        ModelSize size = supernetSize(subspace);
        return new SubspacePlan(
                subspace.label(), subspace.size(), size.channels(), size.cells(), supernetParameters(size));
    }

    /** Learned values of a supernet. */
    public long supernetParameters(ModelSize size) {
        return SpaceWeights.of(space(), size).all().stream()
                .mapToLong(Weight::size)
                .sum();
    }

    /** What executors need to know; {@link SearchJob} says what the arguments mean. */
    SearchJob job(
            String id,
            String engine,
            int threads,
            double gpuShare,
            String build,
            RunDirectory supernets,
            Configuration hadoop) {
        TrainingConfig training = config.training();
        return new SearchJob(
                id,
                partition,
                partition.subspaces().stream().map(this::supernetSize).toList(),
                training.optimizer(),
                new TrainingPlan(
                        training.steps(),
                        training.stepsUpTo(training.warmStartRounds()),
                        training.sharing().mode() == SharingConfig.Mode.SHARED_PARTS,
                        training.subnetsPerStep(),
                        training.batch(),
                        training.learningRate().initial(),
                        training.learningRate().last(),
                        training.augmentation(),
                        config.seed()),
                engine,
                threads,
                gpuShare,
                config.supernet().precision(),
                build,
                spec(config),
                dataset().fingerprint(),
                supernets.checkpoints(),
                config.checkpoints().keep(),
                config.checkpoints().everySteps().orElse(0),
                new SerializableConfiguration(hadoop));
    }

    /** How an architecture is trained from scratch, by so many workers unless the configuration says how many. */
    public RetrainingPlan retraining(Architecture architecture, int workers, int threads, Configuration hadoop) {
        RetrainConfig retrain = config.retrain();
        return new RetrainingPlan(
                space(),
                architecture,
                finalSize(),
                new ImageSource(spec(config), dataset().fingerprint(), new SerializableConfiguration(hadoop)),
                config.training().augmentation(),
                retrain.epochs(),
                retrain.batch(),
                retrain.learningRate().initial(),
                retrain.learningRate().last(),
                retrain.momentum(),
                retrain.weightDecay(),
                retrain.labelSmoothing(),
                retrain.mode(),
                retrain.averagingFrequency(),
                retrain.workers().orElse(workers),
                threads,
                config.seed(),
                Duration.ofSeconds(config.cluster().stalledAfter()));
    }

    /**
     * How one task trains an architecture from scratch.
     *
     * @param threads that it computes with on a CPU
     * @param states the directory of its states
     */
    RetrainingJob retrainingJob(
            Architecture architecture, String engine, int threads, String states, Configuration hadoop) {
        RetrainConfig retrain = config.retrain();
        SupernetSpec.Optimizer optimizer =
                new SupernetSpec.Optimizer((float) retrain.momentum(), (float) retrain.weightDecay(), 0);
        return new RetrainingJob(
                new RetrainedNetworkSpec(
                        space(),
                        architecture,
                        finalSize(),
                        optimizer,
                        retrain.labelSmoothing(),
                        retrain.dropout(),
                        KeyedRandom.of(config.seed(), Purpose.INITIAL_WEIGHTS, RetrainingSchedule.FINAL_NETWORK)
                                .nextLong()),
                new RetrainingSchedule(
                        retrain.epochs(),
                        retrain.batch(),
                        retrain.learningRate().initial(),
                        retrain.learningRate().last(),
                        config.training().augmentation(),
                        config.seed()),
                new ImageSource(spec(config), dataset().fingerprint(), new SerializableConfiguration(hadoop)),
                engine,
                threads,
                config.supernet().precision() == Precision.TF32 ? Precision.TF32 : Precision.FLOAT32,
                states);
    }

    /** What the parts of an architecture cost as the final network that the image passes on its way to the output. */
    Cost liveCost(Architecture architecture) {
        return space().liveCost(architecture, finalSize());
    }

    /** The rounds of the warm start, none without one: in each it takes the steps of a round of all supernets. */
    List<RoundTask> warmStartRounds() {
        return rounds(
                SupernetIndex.WARM_START,
                config.training().warmStartRounds(),
                partition.subspaces().size());
    }

    /** All rounds of a subspace's supernet, also those that the warm start takes for it. */
    List<RoundTask> rounds(Subspace subspace) {
        return rounds(subspace.index(), config.training().rounds(), 1);
    }

    private List<RoundTask> rounds(int supernet, int rounds, long stepsForOne) {
        TrainingConfig training = config.training();
        return IntStream.range(0, rounds)
                .mapToObj(round -> new RoundTask(
                        supernet,
                        round,
                        stepsForOne * training.stepsUpTo(round),
                        stepsForOne * training.stepsUpTo(round + 1)))
                .toList();
    }

    /** The architectures to be scored: all connected ones, or so many drawn from each subspace. */
    List<Architecture> architecturesToScore() {
        if (config.scoring().architectures().isEmpty()) {
            return Enumeration.connected(space()).toList();
        }
        int wanted = config.scoring().architectures().getAsInt();
        List<Architecture> drawn = new ArrayList<>();
        for (Subspace subspace : partition.subspaces()) {
            if (subspace.size().compareTo(BigInteger.valueOf(wanted)) <= 0) {
                Enumeration.connected(space())
                        .filter(architecture ->
                                partition.subspaceOf(architecture).equals(subspace))
                        .forEach(drawn::add);
            } else {
                drawn.addAll(sample(subspace, wanted));
            }
        }
        return drawn;
    }

    private Set<Architecture> sample(Subspace subspace, int wanted) {
        SplittableRandom random = KeyedRandom.of(config.selectionSeed(), Purpose.SCORED_SUBNETS, subspace.index());
        Set<Architecture> sample = new LinkedHashSet<>();
        while (sample.size() < wanted) {
            sample.add(partition.sample(subspace, random));
        }
        return sample;
    }

    /** Connected architectures by their subspaces, deeper subspaces first since their subnets take longest. */
    Map<Subspace, List<Architecture>> bySubspace(List<Architecture> architectures) {
        Map<Subspace, List<Architecture>> grouped =
                architectures.stream().collect(Collectors.groupingBy(partition::subspaceOf));
        Map<Subspace, List<Architecture>> ordered = new LinkedHashMap<>();
        for (int i = partition.subspaces().size() - 1; i >= 0; i--) {
            Subspace subspace = partition.subspaces().get(i);
            if (grouped.containsKey(subspace)) {
                ordered.put(subspace, grouped.get(subspace));
            }
        }
        return ordered;
    }

    /** What an architecture costs as the final network. */
    public Cost cost(Architecture architecture) {
        return space().cost(architecture, finalSize());
    }

    /** The parameters of what reaches the output of the final network. */
    long liveParameters(Architecture architecture) {
        return liveCost(architecture).parameters();
    }

    /**
     * Subnets with the score that the configuration ranks by.
     *
     * @param liveParametersWeight for a score that has one
     */
    List<ScoredSubnet> scoredForRanking(List<ScoredSubnet> byAccuracy, double liveParametersWeight) {
        return switch (config.ranking().score()) {
            case ACCURACY -> byAccuracy;
            case LOSS -> RankingScore.byLoss(byAccuracy);
            case ACCURACY_AND_LIVE_PARAMETERS -> RankingScore.byAccuracyAndLiveParameters(
                    byAccuracy, this::liveParameters, liveParametersWeight);
        };
    }

    /** What {@link #scoredForRanking} ranks by, and why, in a sentence for people. */
    String rankedBy(Reliability reliability) {
        return switch (config.ranking().score()) {
            case ACCURACY -> "ranked by accuracy";
            case LOSS -> "ranked by loss";
            case ACCURACY_AND_LIVE_PARAMETERS -> RankedBy.accuracyAndLiveParameters(
                    config.ranking().liveParametersWeight(), reliability);
        };
    }

    /** A score with what the ranking wants to know of the architecture. */
    public ScoredSubnet scored(SubnetScore score) {
        Architecture architecture = score.architecture();
        Cost cost = cost(architecture);
        return new ScoredSubnet(
                architecture,
                partition.subspaceOf(architecture).index(),
                Counted.of(space()).nonlinearities(architecture),
                score.evaluation().accuracy(),
                score.evaluation().loss(),
                cost.flops(),
                cost.parameters());
    }
}
