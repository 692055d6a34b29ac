/**
 * What DL4J looks for in this package and no longer finds in ND4J.
 *
 * <p>Must not hold anything of efsnas.
 */
package org.nd4j.nativeblas;
