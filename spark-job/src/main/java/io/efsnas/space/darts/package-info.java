/**
 * The space of DARTS: two cells that a network stacks.
 *
 * <p>Knows what a space may know, and no other space.
 */
package io.efsnas.space.darts;
