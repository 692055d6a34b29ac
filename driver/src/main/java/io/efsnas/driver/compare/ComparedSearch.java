package io.efsnas.driver.compare;

import io.efsnas.driver.config.SearchConfig;
import io.efsnas.driver.run.ComparisonRecord;
import io.efsnas.driver.run.ComparisonRecord.State;

/**
 * A search of a comparison.
 *
 * @param strategy the name of its strategy or variant
 * @param config with the number of steps that the comparison gives it
 * @param cost of its training, in training steps of one subnet
 * @param inARow the part of it that one device has to do after another, at the least
 * @param measured decides what is measured of networks other than supernets
 */
record ComparedSearch(String strategy, SearchConfig config, double cost, double inARow, String measured) {

    /** That of its run directory, too. */
    String name() {
        return strategy + "-seed-" + config.seed();
    }

    /** Before it has begun. */
    ComparisonRecord.Search waiting() {
        return new ComparisonRecord.Search(
                name(), strategy, config.seed(), config.training().steps(), cost, 0, State.WAITING, null, null);
    }
}
