#!/usr/bin/env python3
"""A supernet of the MobileNet space as one writes it in PyTorch, timed one subnet at a time.

  deploy/peer-mobilenet.py --architectures subnets.txt --channels 8 --resolution 32 --threads 2

prints one line of JSON, as `efsnas bench --space mobilenet` does: milliseconds of a training step (forward, backward,
gradient descent with Nesterov momentum) and of a scored batch. deploy/bench-against runs both in turn. It needs PyTorch
and nothing else. Batch norms have no affine parameters and always use the statistics of the batch.
"""
import argparse
import json
import statistics
import time

import torch
import torch.nn.functional as F
from torch import nn

FULL_WIDTH = 32
STAGES = [(32, 4, 2), (40, 4, 2), (80, 4, 2), (96, 4, 1), (192, 4, 2), (320, 1, 1)]  # channels, blocks, stride
BOTTLENECKS = [f"k{kernel}e{expansion}" for kernel in (3, 5, 7) for expansion in (3, 6)]


class ConvNorm(nn.Sequential):
    def __init__(self, inputs, outputs, kernel=1, stride=1, groups=1, act=True):
        conv = nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, groups=groups, bias=False)
        nn.init.kaiming_normal_(conv.weight, mode="fan_out")
        if groups > 1:
            nn.init.normal_(conv.weight, std=(2 / (kernel * kernel * outputs)) ** 0.5)
        norm = nn.BatchNorm2d(outputs, affine=False, track_running_stats=False)
        super().__init__(conv, norm, *([nn.ReLU6(inplace=True)] if act else []))


class Bottleneck(nn.Sequential):
    def __init__(self, inputs, outputs, kernel, expansion, stride):
        wide = inputs * expansion
        expand = [ConvNorm(inputs, wide)] if expansion > 1 else []
        super().__init__(*expand, ConvNorm(wide, wide, kernel, stride, groups=wide),
                         ConvNorm(wide, outputs, act=False))


class Block(nn.Module):
    """One of the 21 blocks, with all its choices."""

    def __init__(self, inputs, outputs, stride, residual):
        super().__init__()
        self.residual = residual
        self.choices = nn.ModuleDict(
            {name: Bottleneck(inputs, outputs, int(name[1]), int(name[3]), stride) for name in BOTTLENECKS})

    def forward(self, x, choice):
        if choice == "id":
            return x
        return x + self.choices[choice](x) if self.residual else self.choices[choice](x)


class Supernet(nn.Module):
    def __init__(self, channels, classes, stem_stride=2, image_channels=3):
        super().__init__()

        def scaled(full):
            return max(1, int(full * channels / FULL_WIDTH + 0.5))

        self.stem = ConvNorm(image_channels, channels, 3, stem_stride)
        self.first = Bottleneck(channels, scaled(16), 3, 1, 1)
        width, blocks = scaled(16), []
        for outputs, count, stride in STAGES:
            for index in range(count):
                blocks.append(Block(width, scaled(outputs), 1 if index else stride, index > 0))
                width = scaled(outputs)
        self.blocks = nn.ModuleList(blocks)
        self.head = ConvNorm(width, scaled(1280))
        self.classifier = nn.Linear(scaled(1280), classes)

    def forward(self, x, choices):
        x = self.first(self.stem(x))
        for block, choice in zip(self.blocks, choices):
            x = block(x, choice)
        return self.classifier(self.head(x).mean((2, 3)))


def milliseconds(work, device):
    start = time.perf_counter()
    work()
    if device == "cuda":
        torch.cuda.synchronize()
    return (time.perf_counter() - start) * 1e3


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--architectures", required=True, metavar="FILE", help="the subnets to time, one a line")
    parser.add_argument("--channels", type=int, default=8, help="channels of the stem, 32 at full width")
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--resolution", type=int, default=32)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--device", default="cpu", choices=["cpu", "cuda"])
    parser.add_argument("--limit", type=int, default=64, help="subnets to time")
    parser.add_argument("--channels-last", action="store_true")
    parser.add_argument("--bfloat16", action="store_true", help="autocast to bfloat16")
    parser.add_argument("--tf32", action="store_true", help="products in TF32 on GPUs")
    options = parser.parse_args()

    torch.manual_seed(0)
    torch.set_num_threads(options.threads)
    torch.backends.cuda.matmul.allow_tf32 = options.tf32
    torch.backends.cudnn.allow_tf32 = options.tf32
    with open(options.architectures) as lines:
        subnets = [line.split() for line in lines if line.strip()][:options.limit]
    layout = torch.channels_last if options.channels_last else torch.contiguous_format
    net = Supernet(options.channels, 10).to(options.device, memory_format=layout)
    images = torch.randn(options.batch, 3, options.resolution, options.resolution).to(
        options.device, memory_format=layout)
    labels = torch.randint(0, 10, (options.batch,)).to(options.device)
    sgd = torch.optim.SGD(net.parameters(), lr=0.025, momentum=0.9, weight_decay=5e-4, nesterov=True)

    def autocast():
        return torch.autocast(options.device, torch.bfloat16, enabled=options.bfloat16)

    def train(choices):
        sgd.zero_grad(set_to_none=True)
        with autocast():
            loss = F.cross_entropy(net(images, choices), labels)
        loss.backward()
        sgd.step()

    def score(choices):
        with torch.no_grad(), autocast():
            net(images, choices)

    for choices in subnets[:16]:
        train(choices)
        score(choices)
    steps = [milliseconds(lambda: train(choices), options.device) for choices in subnets]
    scores = [milliseconds(lambda: score(choices), options.device) for choices in subnets]
    print(json.dumps({
        "peer": "pytorch " + torch.__version__, "device": options.device, "threads": options.threads, "channels": options.channels,
        "batch": options.batch, "resolution": options.resolution, "subnets": len(subnets),
        "channels_last": options.channels_last, "bfloat16": options.bfloat16, "tf32": options.tf32,
        "train_ms_median": round(statistics.median(steps), 2), "score_ms_median": round(statistics.median(scores), 2)}))


if __name__ == "__main__":
    main()
