package io.efsnas.driver.spark;

/**
 * How well the supernets of a phase keep devices busy, if all of their steps take equally long.
 *
 * @param supernets how many there are
 * @param rounds of each of them
 * @param lockstep whether a round needs what all supernets have learned in the round before
 */
public record PhaseSchedule(int supernets, int rounds, boolean lockstep) {

    /** The share of the devices' time from which on more workers are not worth what averaging costs. */
    private static final double BUSY = 0.95;

    /** The fewest workers of each supernet that keep devices busy; if none do, those that come closest. */
    public int workers(int devices) {
        int best = 1;
        for (int workers = 1; workers <= devices && efficiency(devices, best) < BUSY; workers++) {
            if (efficiency(devices, workers) > efficiency(devices, best)) {
                best = workers;
            }
        }
        return best;
    }

    /**
     * The share of the devices' time in which they train, 0 to 1.
     *
     * @param workers of each supernet, at most as many as devices
     */
    public double efficiency(int devices, int workers) {
        long atATime = Math.min(supernets, devices / workers);
        long turns = lockstep ? rounds * turns(supernets, atATime) : turns((long) supernets * rounds, atATime);
        return (double) supernets * rounds * workers / (turns * devices);
    }

    private static long turns(long all, long atATime) {
        return (all + atATime - 1) / atATime;
    }
}
