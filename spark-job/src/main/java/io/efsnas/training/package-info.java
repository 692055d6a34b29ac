/**
 * One supernet's training: what a step does ({@link io.efsnas.training.TrainingScheme}), the learning rate, the metrics
 * of a round. Of other supernets it knows the checkpoints, from which shared weights are made, and those that a scheme learns from
 * ({@link io.efsnas.training.Relatives}). The package below this one
 * has the schemes. {@link io.efsnas.training.RoundMetrics} is written to a file as it is, so that it has as many values as
 * that has keys.
 *
 * <p>Knows nothing of Spark, nor what a checkpoint looks like in a file.
 */
package io.efsnas.training;
