/**
 * By what rule measured subnets are ranked: the seam {@link io.efsnas.driver.rule.RankingRule}, the rows that it reads, and
 * efsnas's own rules.
 *
 * <p>Knows nothing of how columns are measured, nor of files, nor of Spark.
 */
package io.efsnas.driver.rule;
