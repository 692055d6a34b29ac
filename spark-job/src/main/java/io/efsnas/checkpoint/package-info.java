/**
 * The states of supernets in files, by the number of steps that they have taken.
 *
 * <p>Knows nothing of how supernets are trained or of Spark.
 */
package io.efsnas.checkpoint;
