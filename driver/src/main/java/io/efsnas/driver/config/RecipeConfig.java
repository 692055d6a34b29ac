package io.efsnas.driver.config;

import java.util.Map;

/**
 * What a task that trains a network by itself can do beside what DL4J's workers can.
 *
 * @param dropout the probability that an input of the classifier is left out of a training step, 0 to below 1
 * @param warmUp the number of epochs during which the learning rate rises
 * @param cutout the side in pixels of the square that is cut out of a training image; 0 for none
 * @param gradientClip the largest norm of a step's whole gradient; 0 for no limit
 * @param averageDecay how much of a moving average of the weights each step leaves, 0 to below 1; 0 for no average
 */
public record RecipeConfig(double dropout, int warmUp, int cutout, double gradientClip, double averageDecay) {

    private static final String DROPOUT = "dropout";
    private static final String WARM_UP = "warm-up";
    private static final String CUTOUT = "cutout";
    private static final String GRADIENT_CLIP = "gradient-clip";
    private static final String AVERAGE_DECAY = "average-decay";

    static RecipeConfig read(Section section) {
        return new RecipeConfig(
                section.belowOne(DROPOUT),
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
