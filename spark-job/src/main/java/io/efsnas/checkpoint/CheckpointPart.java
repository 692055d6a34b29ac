package io.efsnas.checkpoint;

/**
 * Which part of a checkpoint a file has: large ones are written by several tasks, some tensors by each.
 *
 * @param number from 0
 * @param parts how many there are
 */
public record CheckpointPart(int number, int parts) {

    public CheckpointPart {
        if (number < 0 || number >= parts) {
            throw new IllegalArgumentException("there is no part " + number + " of " + parts);
        }
    }
}
