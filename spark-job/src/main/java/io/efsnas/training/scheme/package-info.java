/**
 * What a step of training does, one class for each {@link io.efsnas.training.TrainingScheme}, each with its provider.
 *
 * <p>Knows nothing of Spark or files, nor how supernets are split.
 */
package io.efsnas.training.scheme;
