/**
 * How the driver's tables and JSON files are read and written on whatever Hadoop file system holds them.
 *
 * <p>Knows nothing of search spaces, rankings or Spark.
 */
package io.efsnas.driver.storage;
