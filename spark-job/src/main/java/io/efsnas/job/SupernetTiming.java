package io.efsnas.job;

import com.esotericsoftware.kryo.DefaultSerializer;
import com.esotericsoftware.kryo.serializers.JavaSerializer;
import java.io.Serializable;

/**
 * How long a supernet takes on an executor.
 *
 * @param node the id of the supernet
 * @param engine the description of the engine that computes
 * @param step seconds of a training step
 * @param scoredBatch seconds in which a subnet is scored on a batch
 * @param measured seconds that its measures take beside it which need the trained supernet
 * @param peakMemory the largest resident set that the process has had, in bytes
 */
@DefaultSerializer(JavaSerializer.class)
public record SupernetTiming(
        String node, TaskPlace place, String engine, double step, double scoredBatch, double measured, long peakMemory)
        implements Serializable {}
