/**
 * The split by local intrinsic dimension (He et al., <i>NAS-LID: Efficient Neural Architecture Search with Local Intrinsic
 * Dimension</i>, AAAI 2023): choices whose subnets spread images alike keep sharing weights. It runs subnets forward alone.
 *
 * <p>Knows no space by its name.
 */
package io.efsnas.split.dimension;
