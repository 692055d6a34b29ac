/**
 * The split by matching gradients (Hu et al., <i>Generalizing Few-Shot NAS with Gradient Matching</i>, ICLR 2022): choices
 * whose subnets push the weights that they share the same way keep sharing them. In the form with single paths: weighing
 * all choices of a position at once is left out. By the same gradients {@link
 * io.efsnas.split.gradient.HierarchySplitterProvider hierarchy} splits at several positions at once (Li et al., HEP-NAS, AAAI
 * 2025).
 *
 * <p>Knows no space by its name.
 */
package io.efsnas.split.gradient;
