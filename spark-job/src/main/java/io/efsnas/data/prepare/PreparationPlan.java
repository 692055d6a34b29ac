package io.efsnas.data.prepare;

/**
 * What decides on the shards of a target, kept there as JSON: a preparation that resumes has to have the same.
 *
 * @param format that of the shards
 * @param side the smaller side of the images at most
 * @param encoding of images that were scaled
 * @param testShare the part of the images that is set apart as test images
 * @param seed of the order of the images
 * @param imagesPerShard at most
 * @param images the checksum of paths, lengths and classes of all image files
 */
record PreparationPlan(
        String format, int side, String encoding, double testShare, long seed, int imagesPerShard, String images) {}
