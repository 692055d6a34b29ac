package io.efsnas.space;

/** Some of a space's architectures. */
public interface SpacePart {

    /** The part as people write it, such as {@code 0,1} for those with 0 or 1 nonlinear functions. */
    String label();

    /** Whether an architecture is in this part, connected or not. */
    boolean contains(Architecture architecture);
}
