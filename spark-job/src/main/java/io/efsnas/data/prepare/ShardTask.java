package io.efsnas.data.prepare;

import java.io.Serializable;
import java.util.List;

/**
 * A shard to be written.
 *
 * @param part the folder that it belongs to, {@code train} or {@code test}
 * @param name of its files without their endings
 * @param images in their order
 */
public record ShardTask(String part, String name, List<FoundImage> images) implements Serializable {}
