/**
 * Where a search is started: the command line ({@link io.efsnas.driver.Main}) and the call for programs and notebooks
 * ({@link io.efsnas.driver.Search}). All that either does lives in the packages below.
 *
 * <p>Must not know how anything is done, and nothing below may know this package.
 */
package io.efsnas.driver;
