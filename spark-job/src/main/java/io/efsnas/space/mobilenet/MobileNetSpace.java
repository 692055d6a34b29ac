package io.efsnas.space.mobilenet;

import io.efsnas.network.Cost;
import io.efsnas.network.Initialisation;
import io.efsnas.network.ModelSize;
import io.efsnas.network.Network;
import io.efsnas.provider.Settings;
import io.efsnas.space.Architecture;
import io.efsnas.space.ChainBlock;
import io.efsnas.space.Counted;
import io.efsnas.space.SearchSpace;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * The MobileNet space (Cai, Zhu, Han, <i>ProxylessNAS</i>, ICLR 2019): 21 blocks in six stages, each an inverted
 * bottleneck with a kernel of 3, 5 or 7 and an expansion of 3 or 6, or, where it is not the first of its stage, the
 * identity: 6^6 7^15 architectures. Each block of a network is chosen by itself.
 *
 * <p>An inverted bottleneck has a pointwise convolution that expands the channels, a depthwise one, each with a batch norm
 * and a ReLU6, and a pointwise one with a batch norm alone; where it changes neither resolution nor channels its input is
 * added (Sandler et al., <i>MobileNetV2</i>, CVPR 2018). So the count of an architecture is 2 for each block that is not
 * the identity, 12 to 42 (Oh, Lee, Ham, AAAI 2025).
 *
 * <p>In {@link MobileNetSeSpace} each choice block also has a squeeze-and-excitation module behind its depthwise convolution
 * and ReLU6 (Hu, Shen, Sun, CVPR 2018): the mean of each channel over all pixels, a linear layer to a quarter of the
 * expanded channels, a ReLU, a linear layer back, and a hard sigmoid, whose values multiply the channels. Both linear
 * layers have biases. That is the module of <i>Once-for-All</i> (Cai et al., ICLR 2020), which has authors in common with
 * this space, and of MobileNetV3 (Howard et al., ICCV 2019). They round the quarter to a multiple of 8; here it is rounded to
 * a whole number, as are all channels. The fixed first block has none, as in MobileNetV3-Large. The count leaves out the ReLU
 * and the hard sigmoid of a module: every choice block but the identity has the same, so they would double all counts and
 * change no group.
 *
 * <p>The channels of a {@link ModelSize} are those of the stem, 32 at full width; all others are in the same proportion,
 * rounded to whole ones.
 */
public sealed class MobileNetSpace implements SearchSpace, Counted permits MobileNetSeSpace {

    private static final long serialVersionUID = 1;

    /** The channels of the stem that all others are given for. */
    private static final int FULL_WIDTH = 32;

    private static final int FIRST_CHANNELS = 16;
    private static final int HEAD_CHANNELS = 1280;
    private static final int NONLINEARITIES = 2;
    private static final int REDUCTION = 4;
    private static final String STEM_STRIDE = "stem-stride";

    /** How one stage is made: channels, number of blocks and stride of the first one. */
    private static final int[][] STAGES = {{32, 4, 2}, {40, 4, 2}, {80, 4, 2}, {96, 4, 1}, {192, 4, 2}, {320, 1, 1}};

    private static final List<Block> BLOCKS = blocks();
    private static final List<Integer> CHOICES = BLOCKS.stream()
            .map(block -> block.optional() ? Choice.ALL.size() : Choice.BOTTLENECKS)
            .toList();
    private static final int OPTIONAL =
            (int) BLOCKS.stream().filter(Block::optional).count();
    private static final SortedMap<Integer, BigInteger> SIZES = Collections.unmodifiableSortedMap(countedSizes());

    private static final String FORM = BLOCKS.size() + " words such as k3e6 k5e3 id, each one of "
            + String.join(", ", Choice.ALL.stream().map(Choice::text).toList());

    /** What its blocks are. */
    enum Kind {
        PLAIN("mobilenet"),
        SQUEEZE_AND_EXCITATION("mobilenet-se");

        private final String space;

        Kind(String space) {
            this.space = space;
        }
    }

    private final Kind kind;
    private final int stemStride;

    /** With the strides of the paper, which halve the resolution five times. */
    public MobileNetSpace() {
        this(Kind.PLAIN, 2);
    }

    MobileNetSpace(Kind kind, int stemStride) {
        this.kind = kind;
        this.stemStride = stemStride;
    }

    private static List<Block> blocks() {
        List<Block> blocks = new ArrayList<>();
        for (int stage = 0; stage < STAGES.length; stage++) {
            for (int block = 0; block < STAGES[stage][1]; block++) {
                String name = "stage" + (stage + 1) + ".block" + (block + 1);
                blocks.add(new Block(stage + 1, name, STAGES[stage][0], block == 0 ? STAGES[stage][2] : 1, block > 0));
            }
        }
        return List.copyOf(blocks);
    }

    @Override
    public String name() {
        return kind.space;
    }

    @Override
    public Map<String, Object> defaults() {
        return Map.of(STEM_STRIDE, 2);
    }

    @Override
    public SearchSpace with(Map<String, Object> settings) {
        return new MobileNetSpace(kind, new Settings(settings).whole(STEM_STRIDE, 1, 2));
    }

    @Override
    public List<Integer> choices() {
        return CHOICES;
    }

    @Override
    public OptionalInt emptyChoice(int position) {
        return BLOCKS.get(position).optional()
                ? OptionalInt.of(Choice.ALL.indexOf(Choice.IDENTITY))
                : OptionalInt.empty();
    }

    @Override
    public Architecture parse(String text) {
        String[] words = text.strip().split("\\s+");
        if (words.length != BLOCKS.size()) {
            throw new IllegalArgumentException(
                    "'" + text + "' is not an architecture, with " + words.length + " words; expected " + FORM);
        }
        List<Integer> choices = new ArrayList<>();
        for (int position = 0; position < words.length; position++) {
            String word = words[position];
            int choice = IntStream.range(0, Choice.ALL.size())
                    .filter(i -> Choice.ALL.get(i).text().equals(word))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException(
                            "unknown block '" + word + "' in '" + text + "'; expected " + FORM));
            if (choice >= CHOICES.get(position)) {
                throw new IllegalArgumentException("block " + (position + 1) + " of '" + text
                        + "' cannot be id, since it is the first of a stage; expected " + FORM);
            }
            choices.add(choice);
        }
        return new Architecture(choices);
    }

    @Override
    public String format(Architecture architecture) {
        return String.join(
                " ",
                architecture.choices().stream()
                        .map(choice -> Choice.ALL.get(choice).text())
                        .toList());
    }

    @Override
    public boolean connected(Architecture architecture) {
        return true;
    }

    @Override
    public int nonlinearities(Architecture architecture) {
        int count = 0;
        for (int choice : architecture.choices()) {
            count += Choice.ALL.get(choice).isIdentity() ? 0 : NONLINEARITIES;
        }
        return count;
    }

    @Override
    public SortedMap<Integer, BigInteger> sizes() {
        return SIZES;
    }

    /** Block by block, how many ways there are to have a number of blocks that are not the identity. */
    private static SortedMap<Integer, BigInteger> countedSizes() {
        SortedMap<Integer, BigInteger> sizes = new TreeMap<>(Map.of(0, BigInteger.ONE));
        for (Block block : BLOCKS) {
            SortedMap<Integer, BigInteger> longer = new TreeMap<>();
            sizes.forEach((count, ways) -> {
                longer.merge(
                        count + NONLINEARITIES, ways.multiply(BigInteger.valueOf(Choice.BOTTLENECKS)), BigInteger::add);
                if (block.optional()) {
                    longer.merge(count, ways, BigInteger::add);
                }
            });
            sizes = longer;
        }
        return sizes;
    }

    /**
     * Draws the count by how many architectures have it, then which of the blocks are the identity, and then all others:
     * no draw is thrown away, however few architectures have these counts.
     */
    @Override
    public Optional<Architecture> sample(List<Integer> counts, RandomGenerator random) {
        int identities = BLOCKS.size() - count(counts, random) / NONLINEARITIES;
        int optional = OPTIONAL;
        Integer[] choices = new Integer[BLOCKS.size()];
        for (int position = 0; position < choices.length; position++) {
            boolean identity = false;
            if (BLOCKS.get(position).optional()) {
                identity = random.nextInt(optional) < identities;
                optional--;
                identities -= identity ? 1 : 0;
            }
            choices[position] = identity ? Choice.BOTTLENECKS : random.nextInt(Choice.BOTTLENECKS);
        }
        return Optional.of(Architecture.of(choices));
    }

    /** All sizes together are below 2^63. */
    private static int count(List<Integer> counts, RandomGenerator random) {
        long rank = random.nextLong(counts.stream()
                .mapToLong(count -> SIZES.get(count).longValueExact())
                .sum());
        int drawn = 0;
        while (rank >= SIZES.get(counts.get(drawn)).longValueExact()) {
            rank -= SIZES.get(counts.get(drawn)).longValueExact();
            drawn++;
        }
        return counts.get(drawn);
    }

    @Override
    public int standardChannels() {
        return FULL_WIDTH;
    }

    @Override
    public OptionalInt standardCells() {
        return OptionalInt.empty();
    }

    /** As the paper's code draws convolutions (He et al., ICCV 2015, for the backward pass). */
    @Override
    public Initialisation initialisation() {
        return Initialisation.NORMAL_FAN_OUT;
    }

    @Override
    public Network network(Architecture architecture, ModelSize size) {
        Network.Builder net = new Network.Builder(size.image());
        int value = net.convolution(net.image(), "stem.conv", size.channels(), 3, stemStride);
        value = net.endBlock(net.relu6(net.batchNorm(value, "stem.norm")));
        value = filtered(net, value, "first", new Filter(3, 1));
        value = net.endBlock(projected(net, value, "first", scaled(FIRST_CHANNELS, size)));
        for (int position = 0; position < BLOCKS.size(); position++) {
            Choice choice = Choice.ALL.get(architecture.choice(position));
            value = net.endBlock(
                    choice.isIdentity() ? value : bottleneck(net, value, BLOCKS.get(position), choice, size));
        }
        value = net.convolution(value, "head.conv", scaled(HEAD_CHANNELS, size), 1, 1);
        value = net.relu6(net.batchNorm(value, "head.norm"));
        net.linear(net.globalAveragePool(value), "classifier", size.classes());
        return net.build();
    }

    /** Channels in proportion to those of the stem, to the nearest whole number and at least one. */
    private static int scaled(int channels, ModelSize size) {
        return Math.max(1, Math.round((float) channels * size.channels() / FULL_WIDTH));
    }

    private record Filter(int kernel, int stride) {}

    private int bottleneck(Network.Builder net, int input, Block block, Choice choice, ModelSize size) {
        String name = block.name() + "." + choice.text();
        int expanded = choice.expansion() * net.shape(input).channels();
        int outputs = scaled(block.channels(), size);
        int value = net.convolution(input, name + ".expand.conv", expanded, 1, 1);
        value = net.relu6(net.batchNorm(value, name + ".expand.norm"));
        value = filtered(net, value, name, new Filter(choice.kernel(), block.stride()));
        value = kind == Kind.SQUEEZE_AND_EXCITATION ? excited(net, value, name) : value;
        value = projected(net, value, name, outputs);
        // Also at a width at which the first block of a stage happens to have as many outputs as inputs, it has no sum.
        return block.optional() ? net.sum(List.of(input, net.path(value))) : value;
    }

    private static int filtered(Network.Builder net, int input, String name, Filter filter) {
        int value = net.depthwise(input, name + ".filter.conv", filter.kernel(), filter.stride(), 1);
        return net.relu6(net.batchNorm(value, name + ".filter.norm"));
    }

    /** Squeeze and excitation: each channel times a gate that depends on all channels. */
    private static int excited(Network.Builder net, int input, String name) {
        int channels = net.shape(input).channels();
        int squeezed = Math.max(1, Math.round((float) channels / REDUCTION));
        int reduced = net.relu(net.linear(net.globalAveragePool(input), name + ".gate.reduce", squeezed));
        return net.channelScale(input, net.hardSigmoid(net.linear(reduced, name + ".gate.restore", channels)));
    }

    private static int projected(Network.Builder net, int input, String name, int outputs) {
        int value = net.convolution(input, name + ".project.conv", outputs, 1, 1);
        return net.batchNorm(value, name + ".project.norm");
    }

    @Override
    public Cost cost(Architecture architecture, ModelSize size) {
        return network(architecture, size).cost();
    }

    @Override
    public List<ChainBlock> chain(Architecture architecture) {
        return IntStream.range(0, BLOCKS.size())
                .mapToObj(position -> {
                    Choice choice = Choice.ALL.get(architecture.choice(position));
                    return new ChainBlock(
                            BLOCKS.get(position).stage(), choice.text(), choice.kernel(), choice.expansion());
                })
                .toList();
    }

    @Override
    public List<Architecture> covering() {
        return IntStream.range(0, Choice.BOTTLENECKS)
                .mapToObj(choice -> new Architecture(Collections.nCopies(BLOCKS.size(), choice)))
                .toList();
    }
}
