package io.efsnas.driver.flow;

import io.efsnas.supernet.Engine;
import java.util.function.Predicate;

/** What a search can ask of supernets that not all engines give. */
enum EngineNeed {
    /** A look into supernets, for more than what training and scoring give. */
    INSPECTION("computes losses and accuracies alone, and a measure of trained supernets needs more", Engine::inspects),
    /** Training on more than labels, or with several momenta. */
    LESSONS(
            "trains on labels alone, with one momentum for each weight, and training.scheme needs more",
            Engine::takesLessons),
    /** Scores by statistics of batch norms that were taken before. */
    RECALIBRATION(
            "normalises by the statistics of each batch alone, and scoring.batch-norm = recalibrated needs others",
            Engine::recalibrates),
    /** Batch norms that learn. */
    AFFINE_NORMS(
            "has batch norms without scale and shift, and supernet.affine = true needs others",
            Engine::computesAffineNorms);

    private final String refusal;
    private final Predicate<Engine> met;

    EngineNeed(String refusal, Predicate<Engine> met) {
        this.refusal = refusal;
        this.met = met;
    }

    boolean isMetBy(Engine engine) {
        return met.test(engine);
    }

    /** What an engine that does not meet it is told, after its name. */
    String refusal() {
        return refusal;
    }
}
