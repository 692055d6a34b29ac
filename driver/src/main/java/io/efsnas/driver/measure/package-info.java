/**
 * Measures that read files, and so are taken on the driver alone.
 *
 * <p>Knows nothing of searches.
 */
package io.efsnas.driver.measure;
