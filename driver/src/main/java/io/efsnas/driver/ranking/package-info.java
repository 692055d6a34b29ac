/**
 * From scored subnets to the architecture that the search found: the order of all subnets, the limits that the selected
 * one must keep, and the files that hold both.
 *
 * <p>Knows nothing of supernets and how they were trained, nor of benchmarks that tell the true accuracy.
 */
package io.efsnas.driver.ranking;
