/**
 * Learning from images without labels, by telling views of an image from other images: embeddings of features, their loss,
 * and the queue of those that they are told from. It computes on the CPU.
 *
 * <p>Must not know supernets and training schemes.
 */
package io.efsnas.training.contrast;
