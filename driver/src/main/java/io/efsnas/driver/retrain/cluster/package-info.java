/**
 * How the workers of a cluster train one DL4J graph together: the plan that they follow, the seam between it and a way of
 * doing so ({@link io.efsnas.driver.retrain.cluster.ClusterTrainer}), and the averaging of their parameters.
 *
 * <p>Must not know where the graph comes from or where it is kept.
 */
package io.efsnas.driver.retrain.cluster;
