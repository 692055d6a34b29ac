package io.efsnas.driver.command;

import java.util.List;

/** A comparison has ended, but some of its searches failed. */
final class FailedSearchesException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /**
     * @param failed the names of those that failed
     * @param all how many searches there are
     */
    FailedSearchesException(List<String> failed, int all) {
        super(failed.size() + " of " + all + " searches failed: " + String.join(", ", failed)
                + "; comparison.json says why, and the same command tries them again");
    }
}
