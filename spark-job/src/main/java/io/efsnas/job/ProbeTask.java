package io.efsnas.job;

import com.esotericsoftware.kryo.DefaultSerializer;
import com.esotericsoftware.kryo.serializers.JavaSerializer;
import java.io.Serializable;

/**
 * Some of the batches on which a supernet is to be measured.
 *
 * @param node the id of the supernet
 * @param fromBatch the first of them, from 0
 * @param toBatch the one after the last
 */
@DefaultSerializer(JavaSerializer.class)
public record ProbeTask(String node, int fromBatch, int toBatch) implements Serializable {}
