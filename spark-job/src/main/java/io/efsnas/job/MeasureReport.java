package io.efsnas.job;

import com.esotericsoftware.kryo.DefaultSerializer;
import com.esotericsoftware.kryo.serializers.JavaSerializer;
import io.efsnas.measure.Measured;
import java.io.Serializable;
import java.util.List;

/** What a task has measured, in the order of its architectures. */
@DefaultSerializer(JavaSerializer.class)
public record MeasureReport(List<Measured> measured) implements Serializable {}
