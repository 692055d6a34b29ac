/**
 * The command line, one class a command, with the options that several of them have and the one line that a user is
 * told of a failure.
 *
 * <p>It has as many files as there are commands, and those of the options that several share.
 *
 * <p>Must not know how a search is run, how a file is written or how executors are reached: a command reads its options,
 * calls what does the work, and prints the result.
 */
package io.efsnas.driver.command;
