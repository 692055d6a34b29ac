package io.efsnas.supernet;

import io.efsnas.data.Batch;
import io.efsnas.space.Architecture;

/**
 * A subnet that a step trains by its features.
 *
 * @param batch the images, whose labels nobody looks at
 * @param loss the loss of the features
 */
public record FeatureLesson(Batch batch, Architecture subnet, FeatureLoss loss) {}
