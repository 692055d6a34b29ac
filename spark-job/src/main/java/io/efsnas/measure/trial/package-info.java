/**
 * Measures that train an architecture by itself.
 *
 * <p>Knows nothing of how supernets are trained.
 */
package io.efsnas.measure.trial;
