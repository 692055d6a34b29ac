package io.efsnas.job;

import com.esotericsoftware.kryo.DefaultSerializer;
import com.esotericsoftware.kryo.serializers.JavaSerializer;
import io.efsnas.split.Evidence;
import java.io.Serializable;

/**
 * What came of measuring a supernet.
 *
 * @param node the id of the supernet
 */
@DefaultSerializer(JavaSerializer.class)
public record ProbeReport(String node, Evidence evidence) implements Serializable {}
