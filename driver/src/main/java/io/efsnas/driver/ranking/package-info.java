/**
 * From scored subnets to a ranking: their order, how far it can be believed, and the files that hold both.
 *
 * <p>Knows nothing of supernets and how they were trained, nor of benchmarks that tell the true accuracy.
 */
package io.efsnas.driver.ranking;
