/**
 * What strategies that are found on the class path have in common: a name, settings of their own, and how both are read.
 *
 * <p>Knows no strategy.
 */
package io.efsnas.provider;
