/**
 * One supernet's training: which subnets each step samples, the learning rate, the metrics of a round. Of other supernets
 * it knows the checkpoints, from which shared weights are made.
 *
 * <p>Knows nothing of Spark, nor what a checkpoint looks like in a file.
 */
package io.efsnas.training;
