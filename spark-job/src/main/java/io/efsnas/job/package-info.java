/**
 * The functions that Spark ships to executors, and what an executor keeps between them: thin wrappers that find the
 * device, the data and the supernet and hand them to {@link io.efsnas.training} and {@link io.efsnas.scoring}.
 *
 * <p>What goes to tasks and comes back from them is marked for Kryo, which some sessions use and which knows no records.
 *
 * <p>It has many files because each record of a few lines that travels between driver and tasks is one of its own. They stay
 * together, since what an executor keeps for all kinds of tasks is seen by this package alone. {@link
 * io.efsnas.job.RoundReport} is also written to a file as it is, so that it has as many values as that has keys.
 *
 * <p>Must not know how the driver orders the work.
 */
package io.efsnas.job;
