/**
 * Splits at one position, whose choices are cut into two groups by how far they are apart. What a distance is, and which
 * position is worth the most, is left to the packages that measure them.
 *
 * <p>Knows no space by its name.
 */
package io.efsnas.split.cut;
