package org.nd4j.nativeblas;

import org.nd4j.linalg.factory.Nd4j;

/**
 * Stands where DL4J 1.0.0-M2.1 looks for ND4J's environment, which has moved since: by its reflection on this name DL4J
 * finds out whether its layers may use oneDNN. Without an answer a training step takes seven times as long.
 */
public final class Nd4jCpu {

    private Nd4jCpu() {}

    /** The part of the environment that DL4J asks for. */
    public static final class Environment {

        private static final Environment INSTANCE = new Environment();

        private Environment() {}

        public static Environment getInstance() {
            return INSTANCE;
        }

        /** Whether ND4J may use oneDNN. */
        public boolean isUseMKLDNN() {
            return Nd4j.getEnvironment().helpersAllowed();
        }
    }
}
