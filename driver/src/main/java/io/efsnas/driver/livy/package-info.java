/**
 * Spark jobs as batches of a Livy server, which a client submits, watches and ends by HTTP.
 *
 * <p>Knows nothing of searches, nor of Spark.
 */
package io.efsnas.driver.livy;
