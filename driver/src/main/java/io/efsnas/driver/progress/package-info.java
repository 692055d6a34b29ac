/**
 * How far a search has come, as log lines or as a line of a terminal.
 *
 * <p>Is told of what has ended and asks for nothing; must not know how a search is run.
 */
package io.efsnas.driver.progress;
