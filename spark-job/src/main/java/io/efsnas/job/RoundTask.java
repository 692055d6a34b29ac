package io.efsnas.job;

import com.esotericsoftware.kryo.DefaultSerializer;
import com.esotericsoftware.kryo.serializers.JavaSerializer;
import java.io.Serializable;

/**
 * A round of one supernet.
 *
 * @param supernet its {@link io.efsnas.checkpoint.SupernetIndex}
 * @param round counted from 0
 * @param fromStep steps taken before it
 * @param toStep steps taken after it
 */
@DefaultSerializer(JavaSerializer.class)
public record RoundTask(int supernet, int round, long fromStep, long toStep) implements Serializable {}
