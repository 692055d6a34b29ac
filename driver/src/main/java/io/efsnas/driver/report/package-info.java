/**
 * The report of a search: one HTML file, made of what the run directory holds so far. The files are read into
 * {@link io.efsnas.driver.report.ReportData}, the classes of {@code plot} work out what each figure shows, and templates
 * ({@code src/main/jte}, compiled into this package) say how it looks and escape what they are given. ReportData has a
 * component for each file that a report is made of, though that makes it long; only its own {@code read} constructs it.
 *
 * <p>Must not know how a search is run, nor Spark.
 */
package io.efsnas.driver.report;
