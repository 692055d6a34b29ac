package io.efsnas.driver.compare;

import io.efsnas.driver.config.SearchConfig;
import io.efsnas.driver.run.ComparisonRecord;
import io.efsnas.driver.run.ComparisonRecord.State;

/**
 * A search of a comparison.
 *
 * @param strategy the name of its strategy or variant
 * @param config the configuration, with the steps that were allotted
 * @param allotment what it may do
 * @param measured decides what is measured of networks other than supernets
 */
record ComparedSearch(String strategy, SearchConfig config, Allotment allotment, String measured) {

    /** That of its run directory, too. */
    String name() {
        return strategy + "-seed-" + config.seed();
    }

    /** Before it has begun. */
    ComparisonRecord.Search waiting() {
        return new ComparisonRecord.Search(
                name(), strategy, config.seed(), allotment.steps(), allotment.cost(), 0, State.WAITING, null, null);
    }
}
