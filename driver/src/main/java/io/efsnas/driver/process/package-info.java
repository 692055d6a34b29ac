/**
 * This process: its version, its clocks and timers, and how it is ended from outside.
 *
 * <p>Must not know what the process is for.
 */
package io.efsnas.driver.process;
