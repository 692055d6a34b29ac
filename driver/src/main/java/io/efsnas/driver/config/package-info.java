/**
 * The configuration of a search: HOCON read into typed records ({@link io.efsnas.driver.config.SearchConfig}), every
 * value checked on the way. The keys, what they accept and their defaults are written in {@code reference.conf}.
 *
 * <p>It has as many files as the configuration has sections, and {@link io.efsnas.driver.config.SearchConfig} has a component
 * for each of them. The record of a section has a component for each of its keys, though that makes some long; only its own
 * {@code read} constructs it, where each line names its key.
 *
 * <p>Every mistake of the user is one line of a {@link io.efsnas.driver.process.UserMistake} that names the key, the
 * value, what is accepted and where the value was given. Must not know how a search is run, nor open any data.
 */
package io.efsnas.driver.config;
