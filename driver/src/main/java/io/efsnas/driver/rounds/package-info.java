/**
 * Work sent to executors: which supernet trains which round when and where, and subnets shared out for scoring.
 *
 * <p>Must not know of configuration files, run directories or rankings.
 */
package io.efsnas.driver.rounds;
