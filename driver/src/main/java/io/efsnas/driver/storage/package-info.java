/**
 * How tables with a header line are read from whatever Hadoop file system holds them.
 *
 * <p>Knows nothing of search spaces, rankings or Spark.
 */
package io.efsnas.driver.storage;
