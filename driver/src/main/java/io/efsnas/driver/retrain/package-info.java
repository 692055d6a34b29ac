/**
 * The last stage of a search: an architecture is trained from scratch at full width and kept as a file. Either it becomes a
 * standard DL4J graph, which dl4j-spark trains on the cluster and any program with DL4J can load, or tasks of Spark's
 * train it, or several to find the best, by {@link io.efsnas.retraining}.
 *
 * <p>Must not know how the architecture was found, nor of supernets.
 */
package io.efsnas.driver.retrain;
