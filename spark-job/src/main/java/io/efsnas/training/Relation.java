package io.efsnas.training;

/** What another supernet is to the one that takes a step. */
public enum Relation {
    /** The one that it began as a copy of, at the end of its training. */
    PARENT,
    /** One that began as a copy of the same supernet, as it is when the round begins. */
    SIBLING
}
