package io.efsnas.job;

import com.esotericsoftware.kryo.DefaultSerializer;
import com.esotericsoftware.kryo.serializers.JavaSerializer;
import io.efsnas.measure.Measured;
import java.io.Serializable;
import java.util.List;

/**
 * What a task has measured, in the order of its architectures.
 *
 * @param machine the host, and the engine and device by which networks ran, if a measure depends on them; else empty
 */
@DefaultSerializer(JavaSerializer.class)
public record MeasureReport(List<Measured> measured, String machine) implements Serializable {}
