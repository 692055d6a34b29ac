/**
 * The run directory of a search: which files it has and which of them are efsnas's own, the record of what each of its JSON
 * files says, by which it is both written and read, and the lease of the one process that may write there. A record has the
 * shape of its file, so that some have more values than is good style elsewhere.
 *
 * <p>Must not know how a search is run, how subnets are ranked or what a report looks like.
 */
package io.efsnas.driver.run;
