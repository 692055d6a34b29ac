/**
 * Labelled images as people have them in files, and in memory once they are read. Files are read through Hadoop's {@code
 * FileSystem}, so that a path may be local, on HDFS or in an object store.
 *
 * <p>Images in shards stay in their files: an index says where in a tar file each is, and {@link
 * io.efsnas.data.format.ImageSet} gives their pixels as it gives those in memory, only later. Training could also read
 * shards from the beginning to the end and shuffle within a window, as is usual. We read single images at their offsets
 * because then a batch stays a function of its step alone, as for images in memory: any step can be resumed without reading
 * what came before it, every epoch is a permutation of all images, and no code above this package knows the difference. The
 * price is a read of some kilobytes for each image in place of few long ones, which threads of their own make ahead of the
 * steps. Memory is bounded by the index and a share of the heap for decoded images. Those stay until the end: in a random
 * order the least recently used is as likely to be needed next as any other.
 *
 * <p>Knows nothing of what the images are for: how they are split, normalised or put into batches.
 */
package io.efsnas.data.format;
