/**
 * What a run has learned, in files that the tools of others show.
 *
 * <p>Must not know how a search flows, nor what its results are.
 */
package io.efsnas.driver.tracking;
