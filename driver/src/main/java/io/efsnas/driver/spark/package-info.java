/**
 * Everything that sends work to executors: the session, the labels of jobs and who listens to their tasks, which supernet
 * trains which round when and where, subnets shared out for scoring, and what is told of a job that failed.
 *
 * <p>Must not know of configuration files, run directories or rankings, nor what a task computes.
 */
package io.efsnas.driver.spark;
