package io.efsnas.job;

import com.esotericsoftware.kryo.DefaultSerializer;
import com.esotericsoftware.kryo.serializers.JavaSerializer;
import io.efsnas.scoring.SubnetScore;
import java.io.Serializable;
import java.util.List;

/**
 * What came of scoring some subnets.
 *
 * @param node the id of the supernet
 * @param preparationSeconds spent reading images, making the supernet and reading its checkpoint
 * @param scoringSeconds spent on the subnets themselves
 */
@DefaultSerializer(JavaSerializer.class)
public record ScoreReport(
        String node, List<SubnetScore> scores, TaskPlace place, double preparationSeconds, double scoringSeconds)
        implements Serializable {}
