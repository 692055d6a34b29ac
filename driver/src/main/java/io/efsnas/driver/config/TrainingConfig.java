package io.efsnas.driver.config;

import io.efsnas.data.Augmentation;
import io.efsnas.space.SearchSpace;
import io.efsnas.supernet.SupernetSpec;
import io.efsnas.training.LearningRatePlan;
import io.efsnas.training.SchemeSpec;
import io.efsnas.training.TrainingSchemeProvider;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * How supernets are trained.
 *
 * @param steps the number of optimizer steps of each supernet in the whole run
 * @param rounds the number of rounds that the steps are divided into, at most as many as steps
 * @param scheme what a step does
 * @param batch images in a batch
 * @param warmUp the share of the steps during which the learning rate rises, 0 to 1
 * @param momentum Nesterov momentum, 0 to below 1
 * @param weightDecay added to the gradient as this times the weight
 * @param gradientClip the largest Euclidean norm of a step's whole gradient; 0 for no limit
 * @param labelSmoothing the probability that is taken from the label and spread evenly over all classes, 0 to below 1
 * @param pathDropout the probability that an operation of a subnet is left out of a step, 0 to below 1
 */
public record TrainingConfig(
        int steps,
        int rounds,
        SchemeSpec scheme,
        int batch,
        LearningRate learningRate,
        double warmUp,
        double momentum,
        double weightDecay,
        double gradientClip,
        double labelSmoothing,
        double pathDropout,
        Augmentation augmentation,
        SharingConfig sharing,
        WorkersConfig workers) {

    /** The section of the settings of training schemes. */
    static final String SCHEMES = "schemes";

    private static final String SCHEME = "scheme";

    private static final String WARM_UP = "warm-up";

    private static final String LABEL_SMOOTHING = "label-smoothing";

    private static final String PATH_DROPOUT = "path-dropout";

    /**
     * The ends of the cosine along which the learning rate falls.
     *
     * @param initial the rate of the first step
     * @param last the rate of the last step, at most the initial one
     */
    public record LearningRate(double initial, double last) {

        static LearningRate read(Section section) {
            double initial = section.number("initial", rate -> rate > 0, "a number above 0");
            return new LearningRate(
                    initial,
                    section.number(
                            "final",
                            rate -> rate >= 0 && rate <= initial,
                            "a number from 0 to " + section.key("initial") + " = " + initial));
        }

        Map<String, Object> toMap() {
            return Map.of("initial", initial, "final", last);
        }
    }

    private static Augmentation augmentation(Section section) {
        return new Augmentation(
                section.bool("flip"),
                section.intAtLeast("crop-padding", 0),
                section.number("smallest-crop", share -> share > 0 && share <= 1, "a number above 0 and at most 1"),
                section.number("color-jitter", far -> far >= 0 && far < 1, "a number from 0 to below 1"));
    }

    /**
     * @param levels how many times in a row supernets are split
     */
    static TrainingConfig read(Section root, SearchSpace space, int levels) {
        Section section = root.section("training");
        TrainingConfig training = new TrainingConfig(
                section.intAtLeast("steps", 1),
                section.intAtLeast("rounds", 1),
                scheme(section, root.section(SCHEMES)),
                section.intAtLeast("batch", 2),
                LearningRate.read(section.section("learning-rate")),
                section.number(WARM_UP, share -> share >= 0 && share <= 1, "a number from 0 to 1"),
                section.belowOne("momentum"),
                section.belowOne("weight-decay"),
                section.number("gradient-clip", norm -> norm >= 0, "a number of at least 0"),
                section.belowOne(LABEL_SMOOTHING),
                section.belowOne(PATH_DROPOUT),
                augmentation(section.section("augmentation")),
                SharingConfig.read(section.section("sharing")),
                WorkersConfig.read(section));
        if (training.labelSmoothing > 0 && training.scheme.create().givesLessons()) {
            throw section.refuse(
                    LABEL_SMOOTHING,
                    "expected 0: with training.scheme = " + training.scheme.name()
                            + " a step says what subnets learn from");
        }
        if (training.pathDropout > 0 && !training.scheme.create().suitsPathDropout()) {
            throw section.refuse(
                    PATH_DROPOUT,
                    "expected 0: with training.scheme = " + training.scheme.name()
                            + " a step needs the whole subnets that it draws");
        }
        if (training.pathDropout > 0 && leavesNothingOut(space)) {
            throw section.refuse(
                    PATH_DROPOUT,
                    "expected 0: " + space.name()
                            + " has no choice that computes nothing, as which an operation could be" + " left out");
        }
        boolean learns = !training.scheme.create().learnsFrom().isEmpty();
        boolean several = training.workers.workers().orElse(1) > 1;
        if (several && !training.scheme.create().suitsWorkers()) {
            throw section.refuse(
                    WorkersConfig.WORKERS,
                    "expected 1 or auto, which is then 1: training.scheme = " + training.scheme.name()
                            + (learns
                                    ? " teaches supernets by each other, which each do with one worker"
                                    : " remembers more than weights, which several workers cannot have in common"));
        }
        if (learns && training.sharing.mode() != SharingConfig.Mode.WARM_START) {
            throw section.section("sharing")
                    .refuse(
                            "mode",
                            "expected warm-start: with training.scheme = " + training.scheme.name()
                                    + " supernets learn from those that they began as copies of, and with");
        }
        if (learns && training.sharing.restart() != SharingConfig.Restart.NONE) {
            throw section.section("sharing")
                    .refuse(
                            SharingConfig.RESTART,
                            "expected none: with training.scheme = " + training.scheme.name()
                                    + " supernets learn from those that they began as copies of, and with");
        }
        if (training.scheme.create().mayEndEarly() && training.sharing.mode() == SharingConfig.Mode.SHARED_PARTS) {
            throw section.section("sharing")
                    .refuse(
                            "mode",
                            "expected warm-start or independent: training.scheme = " + training.scheme.name()
                                    + " is set to end the training of supernets early, and those that share parts learn from"
                                    + " each other to the end");
        }
        if (training.rounds > training.steps) {
            throw section.refuse("rounds", "expected at most training.steps = " + training.steps);
        }
        if (training.warmStartRounds(levels) >= training.rounds) {
            throw section.refuse(
                    "rounds",
                    "expected at least " + (levels + 1)
                            + ": with training.sharing.mode = warm-start the first are the warm start's");
        }
        return training;
    }

    private static boolean leavesNothingOut(SearchSpace space) {
        return IntStream.range(0, space.choices().size())
                .noneMatch(position -> space.emptyChoice(position).isPresent());
    }

    private static SchemeSpec scheme(Section section, Section schemes) {
        String name = section.oneOf(SCHEME, TrainingSchemeProvider.names());
        Section settings = schemes.section(name);
        SchemeSpec scheme = new SchemeSpec(
                name, section.intAtLeast("subnets-per-step", 1), settings.settings(TrainingSchemeProvider.named(name)));
        settings.checking(scheme::create);
        return scheme;
    }

    Map<String, Object> toMap() {
        return Map.ofEntries(
                Map.entry("steps", steps),
                Map.entry("rounds", rounds),
                Map.entry(SCHEME, scheme.name()),
                Map.entry("subnets-per-step", scheme.subnetsPerStep()),
                Map.entry("batch", batch),
                Map.entry("learning-rate", learningRate.toMap()),
                Map.entry(WARM_UP, warmUp),
                Map.entry("momentum", momentum),
                Map.entry("weight-decay", weightDecay),
                Map.entry("gradient-clip", gradientClip),
                Map.entry(LABEL_SMOOTHING, labelSmoothing),
                Map.entry(PATH_DROPOUT, pathDropout),
                Map.entry(
                        "augmentation",
                        Map.of(
                                "flip",
                                augmentation.flip(),
                                "crop-padding",
                                augmentation.cropPadding(),
                                "smallest-crop",
                                augmentation.smallestCrop(),
                                "color-jitter",
                                augmentation.colorJitter())),
                Map.entry("sharing", sharing.toMap()),
                Map.entry(WorkersConfig.WORKERS, workers.workersToValue()),
                Map.entry(WorkersConfig.AVERAGING, workers.averagingToMap()));
    }

    /** The sections of training schemes: that of the one that is used, if it has settings. */
    Map<String, Object> schemesToMap() {
        return scheme.settings().isEmpty() ? Map.of() : Map.of(scheme.name(), scheme.settings());
    }

    /**
     * The steps that a supernet has made when this many rounds are done. Rounds differ by one step at most.
     *
     * @param round 0 to {@link #rounds}
     */
    public int stepsUpTo(int round) {
        return (int) ((long) steps * Objects.checkIndex(round, rounds + 1) / rounds);
    }

    /**
     * How many rounds, the first ones, are trained before the parts: the share of a warm start in whole rounds, and at least
     * one for each level of splits.
     */
    public int warmStartRounds(int levels) {
        return sharing.mode() == SharingConfig.Mode.WARM_START
                ? Math.max(levels, Math.min(rounds - 1, (int) Math.round(rounds * sharing.warmStartShare())))
                : 0;
    }

    /** The learning rate of each step. */
    public LearningRatePlan rates() {
        return new LearningRatePlan(learningRate.initial(), learningRate.last(), warmUp);
    }

    /** How weights are updated. */
    public SupernetSpec.Optimizer optimizer() {
        return new SupernetSpec.Optimizer((float) momentum, (float) weightDecay, (float) gradientClip);
    }
}
