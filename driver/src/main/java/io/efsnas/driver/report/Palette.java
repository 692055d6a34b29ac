package io.efsnas.driver.report;

/**
 * The colours of the supernets: a ramp from amber to indigo, in the order of the subspaces, that stays in order for
 * colour-blind readers. Its stops are the style sheet's classes {@code c0} to {@code c5}.
 */
final class Palette {

    /** The style sheet's neutral class {@code c6}, for what belongs to no subspace. */
    static final int NEUTRAL = 6;

    private static final int STOPS = 6;

    private Palette() {}

    /** The colour of a subspace's supernet; neutral for a supernet of no one subspace. */
    static int colour(int subspace, int subspaces) {
        if (subspace < 0 || subspace >= subspaces) {
            return NEUTRAL;
        }
        return (int) Math.round((double) subspace * (STOPS - 1) / Math.max(1, subspaces - 1));
    }
}
