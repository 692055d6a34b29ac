/**
 * One supernet's training: which subnets each step samples, the learning rate, the metrics of a round and the
 * checkpoint after it.
 *
 * <p>Knows nothing of Spark, nor of other supernets.
 */
package io.efsnas.training;
