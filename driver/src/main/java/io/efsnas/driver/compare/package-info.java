/**
 * Strategies compared at the same cost: {@link io.efsnas.driver.compare.ComparisonPlan} says which searches they are, and
 * {@link io.efsnas.driver.compare.Comparison} runs them together and judges what they find.
 *
 * <p>Must not know the command line, nor how a search is run.
 */
package io.efsnas.driver.compare;
