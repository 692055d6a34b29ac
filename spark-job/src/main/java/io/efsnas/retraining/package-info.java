/**
 * How one architecture is trained from scratch at full width by a single task: the network as an engine runs it, the
 * epochs, and the files from which a stopped training resumes.
 *
 * <p>Must not know Spark, nor how the architecture was found.
 */
package io.efsnas.retraining;
