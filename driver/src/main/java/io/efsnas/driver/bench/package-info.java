/**
 * How fast supernets compute: the rate of several together, and a table of where one's time goes.
 *
 * <p>Knows nothing of searches, Spark or files.
 */
package io.efsnas.driver.bench;
