package io.efsnas.job;

import com.esotericsoftware.kryo.DefaultSerializer;
import com.esotericsoftware.kryo.serializers.JavaSerializer;
import io.efsnas.checkpoint.RoundProgress;
import java.io.Serializable;
import java.util.List;

/**
 * What came of the steps of several workers.
 *
 * @param round how far the round has come
 * @param workers what each of them did, in their order
 */
@DefaultSerializer(JavaSerializer.class)
public record AveragingReport(RoundProgress round, List<RoundReport> workers) implements Serializable {}
