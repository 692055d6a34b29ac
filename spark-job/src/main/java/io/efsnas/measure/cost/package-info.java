/**
 * Measures that count what an architecture has.
 *
 * <p>Know nothing of supernets.
 */
package io.efsnas.measure.cost;
