/**
 * Labelled images as people have them in files, and in memory once they are read. Files are read through Hadoop's {@code
 * FileSystem}, so that a path may be local, on HDFS or in an object store.
 *
 * <p>Knows nothing of what the images are for: how they are split, normalised or put into batches.
 */
package io.efsnas.data.format;
