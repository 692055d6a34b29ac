/**
 * The MobileNet space of ProxylessNAS.
 *
 * <p>Knows what a space may know, and no other space.
 */
package io.efsnas.space.mobilenet;
