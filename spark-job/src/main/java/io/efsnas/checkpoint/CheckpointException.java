package io.efsnas.checkpoint;

import java.io.IOException;

/** A checkpoint that is wanted is missing or damaged; the message names its file. To read it again would not help. */
public final class CheckpointException extends IOException {

    private static final long serialVersionUID = 1;

    CheckpointException(String message) {
        super(message);
    }

    CheckpointException(String message, Throwable cause) {
        super(message, cause);
    }
}
