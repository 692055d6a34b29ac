package io.efsnas.driver.config;

import java.util.Map;

/**
 * What a task that trains a network by itself can do beside what DL4J's workers can.
 *
 * @param dropout the probability that an input of the classifier is left out of a training step, 0 to below 1
 * @param dropPath the probability, at the end of all epochs, that a path is left out of a training step, 0 to below 1
 * @param auxiliaryWeight what the loss of the auxiliary head is multiplied by; 0 for no head
 * @param warmUp the number of epochs during which the learning rate rises
 * @param cutout the side in pixels of the square that is cut out of a training image; 0 for none
 * @param gradientClip the largest norm of a step's whole gradient; 0 for no limit
 * @param averageDecay how much of a moving average of the weights each step leaves, 0 to below 1; 0 for no average
 */
public record RecipeConfig(
        double dropout,
        double dropPath,
        double auxiliaryWeight,
        int warmUp,
        int cutout,
        double gradientClip,
        double averageDecay) {

    private static final String DROPOUT = "dropout";
    private static final String DROP_PATH = "drop-path";
    private static final String AUXILIARY_WEIGHT = "auxiliary-weight";
    private static final String WARM_UP = "warm-up";
    private static final String CUTOUT = "cutout";
    private static final String GRADIENT_CLIP = "gradient-clip";
    private static final String AVERAGE_DECAY = "average-decay";

    static RecipeConfig read(Section section) {
        return new RecipeConfig(
                section.belowOne(DROPOUT),
                section.belowOne(DROP_PATH),
                section.number(AUXILIARY_WEIGHT, weight -> weight >= 0, "a number of at least 0"),
                section.intAtLeast(WARM_UP, 0),
                section.intAtLeast(CUTOUT, 0),
                section.number(GRADIENT_CLIP, norm -> norm >= 0, "a number of at least 0"),
                section.belowOne(AVERAGE_DECAY));
    }

    /** The values by their keys. */
    public Map<String, Number> toMap() {
        return Map.of(
                DROPOUT,
                dropout,
                DROP_PATH,
                dropPath,
                AUXILIARY_WEIGHT,
                auxiliaryWeight,
                WARM_UP,
                warmUp,
                CUTOUT,
                cutout,
                GRADIENT_CLIP,
                gradientClip,
                AVERAGE_DECAY,
                averageDecay);
    }

    /** Whether it asks for any of it. */
    boolean isUsed() {
        return toMap().values().stream().anyMatch(value -> value.doubleValue() > 0);
    }
}
