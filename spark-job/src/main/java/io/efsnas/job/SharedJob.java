package io.efsnas.job;

import java.io.Serializable;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
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

    /** The jobs that this executor has read, by the bytes that Spark keeps for all its tasks. */
    private static final Map<byte[], SearchJob> READ = Collections.synchronizedMap(new WeakHashMap<>());

    private final Broadcast<byte[]> bytes;

    public SharedJob(JavaSparkContext spark, SearchJob job) {
        ByteBuffer written = serializer().serialize(job, TAG);
        byte[] all = new byte[written.remaining()];
        written.get(all);
        this.bytes = spark.broadcast(all);
    }

    /**
     * Read once on each executor, for all its tasks: Hadoop's settings alone, more than a thousand, take some milliseconds.
     */
    public SearchJob job() {
        return READ.computeIfAbsent(bytes.value(), SharedJob::read);
    }

    private static SearchJob read(byte[] bytes) {
        ClassLoader loader = Thread.currentThread().getContextClassLoader(); // knows the jars of users
        return serializer().deserialize(ByteBuffer.wrap(bytes), loader, TAG);
    }

    private static SerializerInstance serializer() {
        return SparkEnv.get().closureSerializer().newInstance();
    }
}
