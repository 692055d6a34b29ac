package io.efsnas.training;

/** Training cannot go on; the message names the supernet, the step and what to change. */
public final class TrainingException extends RuntimeException {

    private static final long serialVersionUID = 1;

    public TrainingException(String message) {
        super(message);
    }
}
