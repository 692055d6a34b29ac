/**
 * Supernets and final networks in plain Java on the CPU, with the vector instructions that the JVM's incubating Vector API
 * gives ({@code --add-modules jdk.incubator.vector}).
 *
 * <p>Feature maps lie in heap arrays as {@code [group][row][column][channel][16 images]}: the images of a batch are the
 * innermost index, in groups of 16. Every kernel is then a run of whole vectors whatever the number of channels, which
 * is what the narrow supernets of few-shot search need; convolutions need no border, since a pixel at the edge merely has
 * a shorter run of inputs; and groups are independent of each other, so that threads share them out. Sums over a batch
 * are first formed for each group and then added in the order of the groups: the number of threads does not change a bit
 * of the result. Nor does the machine: all arithmetic is that which Java defines, and a lane adds in the same order whether
 * vectors have 8 or 16 of them.
 *
 * <p>The innermost loops of convolutions are methods with ten and more arguments, one for each number of outputs at a time:
 * what they take are registers, and an object around them would be memory.
 *
 * <p>Must not know of networks, nor of how training is scheduled.
 */
package io.efsnas.supernet.vector;
