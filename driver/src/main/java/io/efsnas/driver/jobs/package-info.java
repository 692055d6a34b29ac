/**
 * What all Spark jobs of a search have in common: their labels, who listens to their tasks, how many run at a time, and
 * what is told of one that failed.
 *
 * <p>Must not know what a job computes.
 */
package io.efsnas.driver.jobs;
