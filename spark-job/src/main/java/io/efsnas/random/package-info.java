/**
 * Random numbers that depend on a key alone: on the seed, the supernet and the step, never on where or when something
 * ran.
 *
 * <p>Knows nothing of what the numbers decide.
 */
package io.efsnas.random;
