/**
 * The split at one position of the space, an edge of the cell, into its choices (Zhao et al., <i>Few-Shot Neural
 * Architecture Search</i>, ICML 2021).
 *
 * <p>Knows no space by its name.
 */
package io.efsnas.split.edge;
