package io.efsnas.driver.report.plot;

import io.efsnas.checkpoint.SupernetIndex;
import io.efsnas.driver.run.SearchRecord;
import java.util.List;

/**
 * What the supernets are called in the report, and their colours: a ramp from amber to indigo, in the order of the
 * subspaces, that stays in order for colour-blind readers. Its stops are the style sheet's classes {@code c0} to
 * {@code c5}; {@code c6} is neutral, for the supernet that belongs to no one subspace.
 */
public record Legend(List<SearchRecord.SubspacePlan> subspaces) {

    static final int NEUTRAL = 6;

    private static final int STOPS = 6;

    /** The number of the colour of a supernet. */
    public int colour(int supernet) {
        return supernet == SupernetIndex.WARM_START
                ? NEUTRAL
                : (int) Math.round((double) supernet * (STOPS - 1) / Math.max(1, subspaces.size() - 1));
    }

    /** Such as {@code supernet 0: count 0,1}. */
    String label(int supernet) {
        return SupernetIndex.describe(supernet)
                + (supernet == SupernetIndex.WARM_START
                        ? ""
                        : ": count " + subspaces.get(supernet).counts());
    }
}
