package io.efsnas.job;

import java.io.Serializable;
import java.nio.ByteBuffer;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.serializer.SerializerInstance;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;

/**
 * What every task of a search needs to know, brought to each executor once by Spark's broadcast, since a tree of many
 * supernets is too large to go with every task. It travels as bytes of Spark's serializer of closures: a session's own may be
 * Kryo, which knows no records.
 */
public final class SharedJob implements Serializable {

    private static final long serialVersionUID = 1;
    private static final ClassTag<SearchJob> TAG = ClassTag$.MODULE$.apply(SearchJob.class);

    private final Broadcast<byte[]> bytes;
    private transient SearchJob job;

    public SharedJob(JavaSparkContext spark, SearchJob job) {
        ByteBuffer written = serializer().serialize(job, TAG);
        byte[] all = new byte[written.remaining()];
        written.get(all);
        this.bytes = spark.broadcast(all);
        this.job = job;
    }

    /** Read once for each task. */
    public synchronized SearchJob job() {
        if (job == null) {
            ClassLoader loader = Thread.currentThread().getContextClassLoader(); // knows the jars of users
            job = serializer().deserialize(ByteBuffer.wrap(bytes.value()), loader, TAG);
        }
        return job;
    }

    private static SerializerInstance serializer() {
        return SparkEnv.get().closureSerializer().newInstance();
    }
}
