/**
 * Workers that train one DL4J graph together by exchanging gradients over UDP, and what makes that safe with DL4J's own
 * servers: addresses and ports that all can reach, models that begin each fit alike, and failures that end a fit.
 *
 * <p>Must not know where the graph comes from or where it is kept.
 */
package io.efsnas.driver.retrain.gradients;
