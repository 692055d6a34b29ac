/**
 * The space of NAS-Bench-201.
 *
 * <p>Knows what a space may know, and no other space.
 */
package io.efsnas.space.nasbench201;
