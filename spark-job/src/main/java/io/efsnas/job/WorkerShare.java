package io.efsnas.job;

import com.esotericsoftware.kryo.DefaultSerializer;
import com.esotericsoftware.kryo.serializers.JavaSerializer;
import io.efsnas.checkpoint.Checkpoint;
import java.io.Serializable;

/**
 * What a worker gives to be averaged.
 *
 * @param report of its steps
 * @param learned some of its tensors, and what came of its steps
 */
@DefaultSerializer(JavaSerializer.class)
public record WorkerShare(RoundReport report, Checkpoint learned) implements Serializable {}
