package io.efsnas.data.prepare;

import java.io.Serializable;
import java.util.List;

/**
 * What became of a shard.
 *
 * @param written whether it was written now: one that is whole is not written again, nor one with damaged images that are
 *     not to be skipped
 * @param images in the shard
 * @param damaged what could not be decoded, each a path and the reason
 */
public record ShardReport(boolean written, int images, List<String> damaged) implements Serializable {}
