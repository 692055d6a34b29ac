/**
 * Which architectures are scored and which is selected: the limits that a selected one meets, the selection from a ranking,
 * and evolutionary search over all subspaces at once, with random search as the same without parents.
 *
 * <p>Knows nothing of how an architecture is scored, nor of Spark, nor of any particular search space.
 */
package io.efsnas.driver.selection;
