package io.efsnas.driver.report.plot;

import io.efsnas.space.ChainBlock;
import java.util.ArrayList;
import java.util.List;

/**
 * A chain of blocks as a strip: each block is a box, wider with its kernel and higher with its expansion, and the identity
 * is a line. Stages stand apart.
 *
 * @param width the width in units of the picture
 * @param height the height in the same units
 * @param middle where the line through the blocks is, from the top
 */
public record ChainDrawing(double width, double height, double middle, List<Box> boxes, List<Label> stages) {

    /**
     * A block.
     *
     * @param x its left side
     * @param y its upper side
     * @param middle the middle of its label
     */
    public record Box(String operation, double x, double y, double width, double height, double middle) {}

    /** The number of a stage. */
    public record Label(double x, String text) {}

    private static final int MARGIN = 12;
    private static final int OF_KERNEL = 11;
    private static final int OF_EXPANSION = 10;
    private static final int IDENTITY = 24;
    private static final int BETWEEN_BLOCKS = 6;
    private static final int BETWEEN_STAGES = 22;
    /** Room for labels below the highest box. */
    private static final int LABELS = 36;

    /** The strip of at least one block. */
    public static ChainDrawing of(List<ChainBlock> chain) {
        int highest = chain.stream().mapToInt(ChainBlock::expansion).max().orElseThrow() * OF_EXPANSION;
        double middle = MARGIN + highest / 2.0;
        List<Box> boxes = new ArrayList<>();
        List<Label> stages = new ArrayList<>();
        double x = MARGIN;
        for (int i = 0; i < chain.size(); i++) {
            ChainBlock block = chain.get(i);
            boolean begins = i == 0 || chain.get(i - 1).stage() != block.stage();
            x += i == 0 ? 0 : begins ? BETWEEN_STAGES : BETWEEN_BLOCKS;
            double width = block.kernel() == 0 ? IDENTITY : (double) OF_KERNEL * block.kernel();
            double height = (double) OF_EXPANSION * block.expansion();
            boxes.add(new Box(block.operation(), x, middle - height / 2, width, height, x + width / 2));
            if (begins) {
                stages.add(new Label(x, "stage " + block.stage()));
            }
            x += width;
        }
        return new ChainDrawing(x + MARGIN, middle + highest / 2.0 + LABELS, middle, boxes, stages);
    }
}
