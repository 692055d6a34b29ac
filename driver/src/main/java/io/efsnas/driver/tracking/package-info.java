/**
 * What a run has learned, in files that the tools of others show, and on servers that show it.
 *
 * <p>Must not know how a search flows, nor what its results are.
 */
package io.efsnas.driver.tracking;
