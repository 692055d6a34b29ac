package io.efsnas.job;

import com.esotericsoftware.kryo.DefaultSerializer;
import com.esotericsoftware.kryo.serializers.JavaSerializer;
import java.io.Serializable;

/**
 * How a retraining ended. What another attempt would end in again is an outcome, too, and no failure of the task.
 *
 * @param line a line for the user; empty if it has succeeded
 * @param place where it ran
 */
@DefaultSerializer(JavaSerializer.class)
public record RetrainingOutcome(Kind kind, String line, TaskPlace place) implements Serializable {

    /** What kind of an end it was. */
    public enum Kind {
        /** All epochs are done. */
        DONE,
        /** The engine or its device does not work where the task ran. */
        CANNOT_COMPUTE,
        /** The loss is no longer a number. */
        DIVERGED
    }
}
