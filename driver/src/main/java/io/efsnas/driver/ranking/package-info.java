/**
 * From scored subnets to the architecture that the search found: the order of all subnets, how far it can be believed, the
 * limits that the selected one must keep, and the files that hold all this.
 *
 * <p>Knows nothing of supernets and how they were trained, nor of benchmarks that tell the true accuracy.
 */
package io.efsnas.driver.ranking;
