/**
 * The images of a search: split into parts, normalised, augmented and put into batches ahead of the step that needs them.
 *
 * <p>Knows nothing of searches, networks or Spark, but for the shape of an image; what files look like is known to {@link
 * io.efsnas.data.format} alone.
 */
package io.efsnas.data;
