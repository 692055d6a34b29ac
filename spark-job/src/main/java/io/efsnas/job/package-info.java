/**
 * The functions that Spark ships to executors, and what an executor keeps between them: thin wrappers that find the
 * device, the data and the supernet and hand them to {@link io.efsnas.training} and {@link io.efsnas.scoring}.
 *
 * <p>Must not know how the driver orders the work.
 */
package io.efsnas.job;
