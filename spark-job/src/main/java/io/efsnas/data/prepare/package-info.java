/**
 * Prepares images for training: finds those in folders of files, scales them and packs them into shards, which are tar
 * files with an index beside each. A shard is made by itself, so that many can be made at a time, and one that is there and
 * whole is not made again.
 *
 * <p>Knows nothing of Spark, nor of how shards are read, which is for {@link io.efsnas.data.format}.
 */
package io.efsnas.data.prepare;
