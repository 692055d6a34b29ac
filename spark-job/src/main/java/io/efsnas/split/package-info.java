/**
 * The tree of supernets, and how it grows: a supernet is trained for a phase, then split ({@link
 * io.efsnas.split.Splitter}), and its children begin as copies of it, of which a {@link
 * io.efsnas.split.Choice} may keep one alone. One package below this one for each way to split,
 * and {@code cut} for what those of them share that cut the choices of a position in two.
 *
 * <p>Knows nothing of how supernets are trained or where, of Spark or files.
 */
package io.efsnas.split;
