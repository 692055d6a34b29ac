package io.efsnas.job;

import com.esotericsoftware.kryo.DefaultSerializer;
import com.esotericsoftware.kryo.serializers.JavaSerializer;
import java.io.Serializable;
import java.util.Comparator;
import org.apache.spark.Partitioner;

/**
 * Some tensors of a worker. Those of all workers go to the task that averages them, in the order of the workers, which
 * decides the last bits.
 *
 * @param part which of the tensors
 * @param worker whose
 */
@DefaultSerializer(JavaSerializer.class)
public record WorkerPart(int part, int worker) implements Comparable<WorkerPart>, Serializable {

    private static final Comparator<WorkerPart> ORDER =
            Comparator.comparingInt(WorkerPart::part).thenComparingInt(WorkerPart::worker);

    /** A part that a tensor belongs to, the same on all hosts. */
    static int partOf(String tensor, int parts) {
        return Math.floorMod(tensor.hashCode(), parts);
    }

    @Override
    public int compareTo(WorkerPart other) {
        return ORDER.compare(this, other);
    }

    /** A task for each part. */
    public static final class ByPart extends Partitioner {

        private static final long serialVersionUID = 1;

        private final int parts;

        public ByPart(int parts) {
            this.parts = parts;
        }

        @Override
        public int numPartitions() {
            return parts;
        }

        @Override
        public int getPartition(Object key) {
            return ((WorkerPart) key).part();
        }
    }
}
