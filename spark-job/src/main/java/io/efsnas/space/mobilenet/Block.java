package io.efsnas.space.mobilenet;

/**
 * Where a choice block is, and what it may be.
 *
 * @param stage the stage that it is in, from 1
 * @param channels those of its output at full width
 * @param stride 2 if it halves the resolution
 * @param optional whether it may be the identity, which the first block of a stage may not
 */
record Block(int stage, String name, int channels, int stride, boolean optional) {}
