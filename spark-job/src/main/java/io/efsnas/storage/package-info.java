/**
 * Files that are either whole or not there, on any file system that Hadoop reaches.
 *
 * <p>Knows nothing of what the files hold.
 */
package io.efsnas.storage;
