/**
 * What numbers say of each other: how alike two orders are, and what an accuracy on so many images can tell.
 *
 * <p>Knows nothing of search spaces, files or Spark.
 */
package io.efsnas.driver.statistics;
