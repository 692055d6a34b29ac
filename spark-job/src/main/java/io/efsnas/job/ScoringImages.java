package io.efsnas.job;

import java.io.Serializable;

/**
 * The images by which subnets are scored.
 *
 * @param batch images scored at a time
 * @param images how many of the first validation images to score on
 * @param recalibration on how many training batches the statistics of batch norms are taken before; 0 to score by those of
 *     each batch
 */
public record ScoringImages(int batch, int images, int recalibration) implements Serializable {}
