/**
 * Accuracies of subnets with the weights of a trained supernet, on images that it was not trained on.
 *
 * <p>Knows nothing of Spark, nor of how the supernet was trained.
 */
package io.efsnas.scoring;
