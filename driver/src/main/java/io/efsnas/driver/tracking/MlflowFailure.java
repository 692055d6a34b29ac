package io.efsnas.driver.tracking;

/** An MLflow server was not reached, or does not take a request; the message is a line that has no secret in it. */
final class MlflowFailure extends Exception {

    private static final long serialVersionUID = 1;

    private final String code;
    private final boolean passing;

    /**
     * @param code MLflow's word for it, such as {@code RESOURCE_DOES_NOT_EXIST}; empty without one
     * @param passing whether the same request may succeed later
     */
    MlflowFailure(String message, String code, boolean passing) {
        super(message);
        this.code = code;
        this.passing = passing;
    }

    boolean is(String word) {
        return code.equals(word);
    }

    /** Whether the same request may succeed later. */
    boolean isPassing() {
        return passing;
    }
}
