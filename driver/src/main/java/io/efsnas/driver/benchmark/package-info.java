/**
 * How well a search ranks where the truth is known: tables of the accuracy that architectures reach when each is trained
 * by itself, and the correlation of a ranking with them.
 *
 * <p>Only judges rankings; nothing of a search may use what it knows.
 */
package io.efsnas.driver.benchmark;
