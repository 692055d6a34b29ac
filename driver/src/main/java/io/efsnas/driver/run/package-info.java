/**
 * The run directory of a search: which files it has and which of them are efsnas's own, what they say, and the lease of the
 * one process that may write there.
 *
 * <p>Must not know how a search is run, how subnets are ranked or what a report looks like.
 */
package io.efsnas.driver.run;
