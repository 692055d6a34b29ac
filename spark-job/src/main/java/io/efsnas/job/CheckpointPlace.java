package io.efsnas.job;

import java.io.Serializable;

/**
 * Where the checkpoints of a search are and how many there are of them.
 *
 * @param directory the directory of all checkpoints
 * @param keep how many stay for each supernet
 * @param everySteps after how many steps each one is written within a round; 0 for none
 */
public record CheckpointPlace(String directory, int keep, long everySteps) implements Serializable {}
