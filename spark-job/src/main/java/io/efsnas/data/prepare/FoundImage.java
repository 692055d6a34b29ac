package io.efsnas.data.prepare;

import java.io.Serializable;

/**
 * An image file to be prepared.
 *
 * @param path below the folder that was searched
 * @param bytes the length of the file
 * @param label its class, from 0
 */
public record FoundImage(String path, long bytes, int label) implements Serializable {}
