/**
 * Measures of what an architecture costs: counts, and the time that its final network takes.
 *
 * <p>Know nothing of supernets.
 */
package io.efsnas.measure.cost;
