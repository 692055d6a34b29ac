/**
 * How a space is split, so that each part has a supernet of its own.
 *
 * <p>Knows nothing of how supernets compute or are trained, of tensors, Spark or files.
 */
package io.efsnas.split;
