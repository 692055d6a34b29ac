/**
 * What the figures of a report show: axes and the lines, dots, boxes, bars and arrows between them, as SVG paths, their
 * colours, and numbers as people read them.
 *
 * <p>Must not know where the numbers come from, nor the page around a figure.
 */
package io.efsnas.driver.report.plot;
