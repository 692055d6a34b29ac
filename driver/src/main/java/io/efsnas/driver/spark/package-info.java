/**
 * Everything that sends work to executors: the session, the labels of jobs and who listens to their tasks, which supernet
 * trains which round when and where, subnets shared out for scoring, and what is told of a job that failed.
 *
 * <p>It has many files because each kind of work, and each kind of listening to it, is a small class of its own; they see
 * each other's insides, so that parts of the package would have to become public.
 *
 * <p>Must not know of configuration files, run directories or rankings, nor what a task computes.
 */
package io.efsnas.driver.spark;
