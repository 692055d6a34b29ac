/**
 * This process: its version, its clocks and timers, and how it ends: from outside, or by a mistake of the user's.
 *
 * <p>Must not know what the process is for.
 */
package io.efsnas.driver.process;
