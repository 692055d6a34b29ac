/**
 * Evolutionary search over all subspaces of a space at once, and random search as the same without parents: which
 * architectures are scored next, given the scores so far.
 *
 * <p>Knows nothing of how an architecture is scored, nor of Spark, nor of any particular search space.
 */
package io.efsnas.driver.evolution;
