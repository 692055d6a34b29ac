/**
 * Labelled images: read from the files people have, split, normalised, augmented and put into batches ahead of the step
 * that needs them.
 *
 * <p>Knows nothing of networks or Spark; reads through Hadoop's {@code FileSystem}, so that a path may be local, on HDFS
 * or in an object store.
 */
package io.efsnas.data;
