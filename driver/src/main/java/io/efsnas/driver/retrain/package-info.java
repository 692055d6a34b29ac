/**
 * The last stage of a search: an architecture becomes a standard DL4J graph of full width, is trained from scratch on the
 * cluster by dl4j-spark and kept as a file that any program with DL4J can load.
 *
 * <p>Must not know how the architecture was found, nor of supernets.
 */
package io.efsnas.driver.retrain;
