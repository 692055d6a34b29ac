/**
 * A search as a sequence of stages: train the supernets, score subnets, rank them, select one, train it from scratch. A
 * {@link io.efsnas.driver.flow.SearchPlan} says what is to be done, each stage does what an earlier process has not done
 * of it, and {@link io.efsnas.driver.flow.SearchFlow} puts them together.
 *
 * <p>The plan and the stages see the insides of each other, so that they are one package although they have more files than
 * others. SearchFlow is longer than a class should be: it says in which order the stages run, resume, fail and end, and parts
 * of that order in several places would be harder to follow.
 *
 * <p>Must not know the command line, nor how a supernet computes.
 */
package io.efsnas.driver.flow;
