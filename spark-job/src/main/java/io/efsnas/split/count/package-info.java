/**
 * The split by the number of nonlinear functions (Oh, Lee, Ham, <i>Efficient Few-Shot Neural Architecture Search by
 * Counting the Number of Nonlinear Functions</i>, AAAI 2025).
 *
 * <p>Knows no space by its name.
 */
package io.efsnas.split.count;
