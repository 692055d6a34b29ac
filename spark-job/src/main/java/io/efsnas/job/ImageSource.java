package io.efsnas.job;

import io.efsnas.data.Dataset;
import io.efsnas.data.DatasetSpec;
import java.io.Serializable;
import org.apache.spark.util.SerializableConfiguration;

/**
 * The images of a search, as a task is told of them.
 *
 * @param data where they are
 * @param fingerprint the fingerprint of the images as the driver read them; an executor that reads others refuses to
 *     work
 */
public record ImageSource(DatasetSpec data, String fingerprint, SerializableConfiguration hadoop)
        implements Serializable {

    /** The images, which an executor reads once for all its tasks. */
    public Dataset dataset() {
        return ExecutorMemory.get().dataset(this);
    }
}
