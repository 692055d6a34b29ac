package io.efsnas.checkpoint;

/**
 * The numbers by which the supernets of a search are told apart, in random keys and reports too: a subspace's supernet
 * has the index of its subspace.
 */
public final class SupernetIndex {

    /** Of the supernet that is trained for all subspaces before each has one of its own. */
    public static final int WARM_START = -1;

    private SupernetIndex() {}

    /** What people call the supernet. */
    public static String describe(int supernet) {
        return supernet == WARM_START ? "warm start" : "supernet " + supernet;
    }
}
