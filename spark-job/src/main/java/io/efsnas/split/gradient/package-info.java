/**
 * The split by matching gradients (Hu et al., <i>Generalizing Few-Shot NAS with Gradient Matching</i>, ICLR 2022): choices
 * whose subnets push the weights that they share the same way keep sharing them. In the form with single paths: weighing
 * all choices of a position at once is left out.
 *
 * <p>Knows no space by its name.
 */
package io.efsnas.split.gradient;
