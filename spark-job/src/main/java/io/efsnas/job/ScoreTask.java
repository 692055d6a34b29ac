package io.efsnas.job;

import com.esotericsoftware.kryo.DefaultSerializer;
import com.esotericsoftware.kryo.serializers.JavaSerializer;
import io.efsnas.measure.Measures;
import io.efsnas.space.Architecture;
import java.io.Serializable;
import java.util.List;

/**
 * Subnets of one supernet to be scored together.
 *
 * @param node the id of the supernet
 * @param step how many steps the supernet has taken
 * @param images what they are scored on
 * @param measures further ones, which need the trained supernet
 */
@DefaultSerializer(JavaSerializer.class)
public record ScoreTask(String node, long step, List<Architecture> subnets, ScoringImages images, Measures measures)
        implements Serializable {}
