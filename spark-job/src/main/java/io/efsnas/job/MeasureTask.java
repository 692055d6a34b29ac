package io.efsnas.job;

import com.esotericsoftware.kryo.DefaultSerializer;
import com.esotericsoftware.kryo.serializers.JavaSerializer;
import io.efsnas.space.Architecture;
import java.io.Serializable;
import java.util.List;

/** Architectures that one task measures. */
@DefaultSerializer(JavaSerializer.class)
public record MeasureTask(List<Architecture> architectures) implements Serializable {}
