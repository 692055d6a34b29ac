package io.efsnas.job;

import io.efsnas.supernet.Device;

/**
 * Which supernet it is that an executor has in memory.
 *
 * @param search the id of its search
 * @param node its id in the search's tree
 * @param engine the name of the engine that computes it
 * @param batch the most images that it takes at a time
 * @param device the device that it is on
 */
record SupernetKey(String search, String node, String engine, int batch, Device device) {}
