/**
 * What the Spark driver does: the command line, and a search from its configuration to a run directory with a ranking
 * and a selected architecture ({@link io.efsnas.driver.Search}, which notebooks call too). The parts of it live in the
 * packages below.
 *
 * <p>Must not know how a supernet computes; that is the executors' work.
 */
package io.efsnas.driver;
