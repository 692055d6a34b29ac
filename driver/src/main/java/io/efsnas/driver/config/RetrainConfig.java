package io.efsnas.driver.config;

import io.efsnas.driver.config.TrainingConfig.LearningRate;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;

/**
 * How the selected architecture, or the first of the ranking, is trained from scratch.
 *
 * @param enabled whether a search ends with it
 * @param engine what computes
 * @param finalists how many are trained, and which of them to the end
 * @param epochs the number of passes over the training images
 * @param batch images in a worker's batch
 * @param momentum Nesterov momentum, 0 to below 1
 * @param weightDecay added to the gradient as this times the weight
 * @param labelSmoothing the probability that is spread over all classes, 0 to below 1
 * @param recipe what DL4J cannot do
 * @param mode how workers train together
 * @param averagingFrequency batches of each worker between two averagings
 * @param workers how many workers train at a time; empty for as many tasks as Spark runs
 */
public record RetrainConfig(
        boolean enabled,
        Engine engine,
        FinalistsConfig finalists,
        int epochs,
        int batch,
        LearningRate learningRate,
        double momentum,
        double weightDecay,
        double labelSmoothing,
        RecipeConfig recipe,
        Mode mode,
        int averagingFrequency,
        OptionalInt workers) {

    /** What the network is trained by. */
    public enum Engine {
        /** What suits the case. */
        AUTO,
        /** One worker with the CPU's vector instructions. */
        VECTOR,
        /** One worker with libtorch. */
        LIBTORCH,
        /** All workers of the cluster with DL4J. */
        DL4J;
    }

    /** How the workers of a cluster train one network together. */
    public enum Mode {
        PARAMETER_AVERAGING,
        GRADIENT_SHARING;
    }

    static RetrainConfig read(Section section) {
        RetrainConfig config = new RetrainConfig(
                section.bool("enabled"),
                section.oneOf("engine", Engine.class),
                FinalistsConfig.read(section),
                section.intAtLeast("epochs", 1),
                section.intAtLeast("batch", 2),
                LearningRate.read(section.section("learning-rate")),
                section.belowOne("momentum"),
                section.belowOne("weight-decay"),
                section.belowOne("label-smoothing"),
                RecipeConfig.read(section),
                section.oneOf("mode", Mode.class),
                section.intAtLeast("averaging-frequency", 1),
                section.intAtLeastOr("workers", 1, "auto"));
        config.requireAgreement(section);
        return config;
    }

    private void requireAgreement(Section section) {
        if (engine != Engine.VECTOR && engine != Engine.LIBTORCH) {
            return;
        }
        String one = "with retrain.engine = " + Key.of(engine) + ", which trains with one worker, expected ";
        if (mode != Mode.PARAMETER_AVERAGING) {
            throw section.refuse("mode", one + Key.of(Mode.PARAMETER_AVERAGING));
        }
        if (needsSeveralWorkers()) {
            throw section.refuse("workers", one + "auto or 1");
        }
    }

    /** Whether it asks for what only several workers together can do. */
    public boolean needsSeveralWorkers() {
        return mode == Mode.GRADIENT_SHARING || workers.orElse(1) > 1;
    }

    /** Whether it asks for what only tasks that train a network each can do. */
    public boolean needsOneTask() {
        return recipe.isUsed() || finalists.areSeveral();
    }

    Map<String, Object> toMap() {
        Map<String, Object> map = new TreeMap<>(); // of more entries than Map.of takes
        map.put("enabled", enabled);
        map.put("engine", Key.of(engine));
        finalists.putInto(map);
        map.put("epochs", epochs);
        map.put("batch", batch);
        map.put("learning-rate", learningRate.toMap());
        map.put("momentum", momentum);
        map.put("weight-decay", weightDecay);
        map.put("label-smoothing", labelSmoothing);
        map.putAll(recipe.toMap());
        map.put("mode", Key.of(mode));
        map.put("averaging-frequency", averagingFrequency);
        map.put("workers", Section.orWord(workers, "auto"));
        return map;
    }
}
