/**
 * What architectures are judged by beside the accuracy of their supernet: the seam {@link io.efsnas.measure.Measure} and what
 * it computes with.
 *
 * <p>Knows nothing of Spark, of files, or of how values become a ranking.
 */
package io.efsnas.measure;
