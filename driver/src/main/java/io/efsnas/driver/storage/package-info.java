/**
 * How the driver's files are read and written on whatever Hadoop file system holds them: tables with a header line, and
 * files that are either there as a whole or not at all.
 *
 * <p>Knows nothing of search spaces, rankings or Spark.
 */
package io.efsnas.driver.storage;
