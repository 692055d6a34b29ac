/**
 * Measures of untrained networks.
 *
 * <p>Know what a measure may know, and the linear algebra that Spark brings.
 */
package io.efsnas.measure.zerocost;
