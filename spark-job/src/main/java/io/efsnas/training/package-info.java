/**
 * One supernet's training: which subnets each step samples, the learning rate, the metrics of a round and the
 * checkpoint after it. Of other supernets it knows the checkpoints, from which shared weights are made.
 *
 * <p>Knows nothing of Spark.
 */
package io.efsnas.training;
