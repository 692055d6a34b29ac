package io.efsnas.driver.flow;

import io.efsnas.data.Dataset;
import io.efsnas.data.format.ImageFormat;
import io.efsnas.driver.config.Key;
import io.efsnas.driver.config.RecipeConfig;
import io.efsnas.driver.config.SearchConfig;
import io.efsnas.driver.config.SelectionConfig;
import io.efsnas.driver.process.UserMistake;
import io.efsnas.driver.retrain.Retraining;
import io.efsnas.network.AuxiliaryHead;
import io.efsnas.network.ModelSize;
import io.efsnas.network.Network;
import io.efsnas.network.Shape;
import io.efsnas.space.SpaceWeights;
import io.efsnas.split.SupernetNode;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a search would fail of later, found before anything has begun. */
final class PlanChecks {

    private static final Logger log = LoggerFactory.getLogger(PlanChecks.class);

    /** As many classes are listed in a line. */
    private static final int SHOWN = 10;

    private final SearchPlan plan;
    private final SearchConfig config;
    private final Shape image;

    /**
     * @param image the shape of the images
     */
    PlanChecks(SearchPlan plan, Shape image) {
        this.plan = plan;
        this.config = plan.config();
        this.image = image;
    }

    /**
     * Makes sure that all networks can be made.
     *
     * @throws UserMistake naming the key if one cannot
     */
    void networks() {
        requireCountable("network.channels", plan.finalSize(), 1);
        UserMistake.checking(
                "ranking.measures, rules: ", () -> plan.allMeasures().checked(plan.space(), plan.finalSize()));
        for (SupernetNode node : plan.knownTree().nodes()) {
            requireCountable("supernet.channels", node.size(), config.training().batch());
        }
        requireRecipe(config.retrain().recipe());
        requireRanking();
        int padding = config.training().augmentation().cropPadding();
        int side = Math.min(image.height(), image.width());
        if (padding >= side) {
            throw new UserMistake("training.augmentation.crop-padding: " + padding + " is not accepted;"
                    + " expected less than the " + side + " pixels of an image's side");
        }
    }

    /** Other strategies look for architectures in all of the space, and one that is dropped serves none. */
    private void requireRanking() {
        SelectionConfig.Strategy strategy = config.selection().strategy();
        if (config.space().splitter().choice().isPresent()
                && plan.trains()
                && strategy != SelectionConfig.Strategy.RANKING) {
            throw new UserMistake("selection.strategy: " + Key.of(strategy)
                    + " is not accepted; expected ranking, since"
                    + " space.splitter = " + config.space().splitterName() + " keeps a supernet for a part of the space"
                    + " alone");
        }
    }

    /** Some networks of a space may have no path that can be left out; in some spaces no network has one. */
    private void requireRecipe(RecipeConfig recipe) {
        List<Network> networks = plan.space().covering().stream()
                .map(architecture -> plan.space().network(architecture, plan.finalSize()))
                .toList();
        if (recipe.dropPath() > 0
                && networks.stream().allMatch(network -> network.paths().isEmpty())) {
            throw new UserMistake(
                    "retrain.drop-path: " + recipe.dropPath() + " is not accepted; expected 0, since the space "
                            + plan.space().name() + " does not say which paths of its networks can be left out");
        }
        if (recipe.auxiliaryWeight() > 0) {
            try {
                networks.forEach(AuxiliaryHead::on);
            } catch (IllegalArgumentException e) {
                throw new UserMistake(
                        "retrain.auxiliary-weight: " + recipe.auxiliaryWeight() + " is not accepted; expected 0, since "
                                + e.getMessage(),
                        e);
            }
        }
    }

    /**
     * Makes sure that there are the images to train and score a supernet, and to retrain a network.
     *
     * @throws UserMistake naming the key that asks for more
     */
    void images(Dataset dataset) {
        if (config.retrain().enabled() && dataset.test().size() == 0) {
            throw new UserMistake(Retraining.NO_TEST_IMAGES);
        }
        if (config.retrain().enabled() && config.retrain().finalists().areSeveral()) {
            requireFinalists(config.retrain().finalists().top());
        }
        int toTrain = dataset.train().size();
        if (config.training().batch() > toTrain) {
            throw new UserMistake("training.batch: " + config.training().batch() + " is not accepted;"
                    + " expected at most the " + toTrain + " images of the train part");
        }
        int available = dataset.validation().size();
        int heldOut = config.training().scheme().create().heldOut().images();
        if (heldOut > available) {
            throw new UserMistake(
                    "training.scheme: " + config.training().scheme().name() + " is not accepted; it is set to"
                            + " judge subnets on " + heldOut + " images, more than the " + available
                            + " of the validation part");
        }
        config.space().splitter().choice().ifPresent(choice -> {
            if (plan.trains() && choice.images() > available) {
                throw new UserMistake("space.splitter: " + config.space().splitterName()
                        + " is not accepted; splitters." + config.space().splitterName()
                        + " is set to choose supernets by " + choice.images() + " images, more than the " + available
                        + " of the validation part");
            }
        });
        config.scoring().images().ifPresent(images -> {
            if (images > available) {
                throw new UserMistake("scoring.images: " + images + " is not accepted; expected all, or at"
                        + " most the " + available + " images of the validation part");
            }
        });
    }

    /** Fewer than are scored may be known to meet the limits, or to be different networks; more will not be. */
    private void requireFinalists(int top) {
        long most = plan.knownToBeScored()
                .map(all -> all.stream()
                        .filter(architecture ->
                                plan.limits().ofCosts().metBy(column -> plan.cost(architecture, column)))
                        .map(plan.space()::live)
                        .distinct()
                        .limit(top)
                        .count())
                .orElseGet(plan::rankedAtMost);
        if (most > 0 && most < top) { // of limits that nothing meets the scoring tells
            throw new UserMistake("retrain.top: " + top + " is not accepted; expected at most " + most + ", since only "
                    + most + " different networks within ranking.limits will be ranked (scoring.architectures,"
                    + " selection)");
        }
    }

    private void requireCountable(String key, ModelSize size, int batch) {
        if (!countable(size, batch)) {
            throw new UserMistake(key + ": " + size.channels() + " is not accepted; expected a number with which"
                    + " no weight of the network and no feature map of a training batch has 2^31 values or more");
        }
    }

    /** Arrays of Java's, which hold weights and feature maps, have less than 2^31 values. */
    private boolean countable(ModelSize size, int batch) {
        Shape shape = size.image();
        try {
            long map = Math.multiplyExact((long) size.channels() * shape.height(), (long) shape.width() * batch);
            return map <= Integer.MAX_VALUE
                    && SpaceWeights.of(plan.space(), size).all().stream().allMatch(weight -> weight.size() > 0)
                    && largestMap(size) <= Integer.MAX_VALUE / batch;
        } catch (ArithmeticException e) { // as counting them in whole numbers of 32 bits overflows
            return false;
        } catch (IllegalArgumentException e) { // the space has no network for images of this shape
            throw new UserMistake("data.train, data.shrink: " + e.getMessage(), e);
        }
    }

    /** Values of one image's largest feature map, in any network that a covering one has all layers of. */
    private long largestMap(ModelSize size) {
        return plan.space().covering().stream()
                .flatMap(architecture -> plan.space().network(architecture, size).nodes().stream())
                .mapToLong(node -> (long) node.shape().channels() * node.shape().pixels())
                .max()
                .orElseThrow();
    }

    /** How much memory images take that are not all in memory. */
    private static String memory(Dataset dataset) {
        long images = (long) dataset.train().size()
                + dataset.validation().size()
                + dataset.test().size();
        long all = images * dataset.shape().size();
        long kept = ImageFormat.memoryOfShards();
        return String.format(
                Locale.ROOT,
                "data: %,d images stay in their shards, and are decoded when a step needs them; at most %,d MiB of the heap"
                        + " keep decoded ones, %s",
                images,
                kept >> 20,
                all <= kept
                        ? "which is enough for all"
                        : String.format(Locale.ROOT, "%.0f %% of all", 100.0 * kept / all));
    }

    /** Tells the log what is no mistake for certain. */
    static void warn(Dataset dataset) {
        dataset.remarks().forEach(remark -> log.warn("data: {}", remark));
        if (!dataset.train().inMemory()) {
            log.info(memory(dataset));
        }
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
}
