package io.efsnas.driver.command;

import java.util.Optional;

/** A command that can go on after it was stopped. */
public interface Resumable {

    /** How a command resumes whose options name the place of its results. */
    String SAME_COMMAND = "the same command resumes from here";

    /** How a user goes on, as the last part of a sentence; empty if the command has kept nothing. */
    Optional<String> resumption();
}
