package io.efsnas.driver.flow;

import io.efsnas.supernet.Engine;
import java.util.function.Predicate;

/** What a search can ask of supernets that not all engines give. */
enum EngineNeed {
    /** Gradients of weights beside those of training. */
    GRADIENTS("gives no gradients of weights, which space.splitter measures", Engine::givesGradients),
    /** Training from more than labels. */
    LESSONS("trains on labels alone, which training.scheme does not", Engine::takesLessons);

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
