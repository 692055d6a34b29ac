package io.efsnas.job;

import com.esotericsoftware.kryo.DefaultSerializer;
import com.esotericsoftware.kryo.serializers.JavaSerializer;
import java.io.Serializable;

/**
 * A round of one supernet.
 *
 * @param node the id of the supernet
 * @param round counted from 0
 * @param fromStep steps taken before it
 * @param toStep steps taken after it
 */
@DefaultSerializer(JavaSerializer.class)
public record RoundTask(String node, int round, long fromStep, long toStep) implements Serializable {}
