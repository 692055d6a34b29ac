package io.efsnas.job;

import com.esotericsoftware.kryo.DefaultSerializer;
import com.esotericsoftware.kryo.serializers.JavaSerializer;
import io.efsnas.split.Evidence;
import java.io.Serializable;
import java.util.List;

/**
 * What came of measuring a supernet.
 *
 * @param node the id of the supernet
 * @param ofBatches what was measured on each batch of the task, in their order
 */
@DefaultSerializer(JavaSerializer.class)
public record ProbeReport(String node, List<Evidence> ofBatches) implements Serializable {}
