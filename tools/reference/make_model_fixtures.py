"""
Cuts the reference data of make_reference.py down to what the tests of Checkpoints, Models and LocalEngine read.

    python make_reference.py --out DATA && python make_model_fixtures.py --data DATA --out ../../Tests/Fixtures/reference

Copied as they are: checkpoints/ (without tokenizer.model, which nothing reads), golden/, the four images of the cases.
Made here: pixels.safetensors, those images resized (RGB bytes [S, S, 3]) for each checkpoint's image size, checked
against the hashes of images_golden.json; versions.json, the versions that made the data and the hashes of what was copied.
Needs numpy only.
"""
import argparse
import hashlib
import json
import os
import shutil
import struct

import numpy as np

import numpy_reference as R
import pil_reference as P

IMAGES = ["j420.jpg", "prgba.png", "jgray.jpg", "ppal.png"]
SIZES = [30, 32, 224]


def sha(data):
    return hashlib.sha256(data).hexdigest()


def write_safetensors(path, tensors):
    head, data = {}, b""
    for name in sorted(tensors):
        raw = np.ascontiguousarray(tensors[name]).tobytes()
        head[name] = {"dtype": "U8", "shape": list(tensors[name].shape), "data_offsets": [len(data), len(data) + len(raw)]}
        data += raw
    text = json.dumps(head).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as f:
        f.write(struct.pack("<Q", len(text)) + text + data)


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("--data", required=True)
    ap.add_argument("--out", required=True)
    a = ap.parse_args()
    for part in ("checkpoints", "golden", "images"):
        shutil.rmtree(os.path.join(a.out, part), ignore_errors=True)
    for part in ("checkpoints", "golden"):
        shutil.copytree(os.path.join(a.data, part), os.path.join(a.out, part), ignore=shutil.ignore_patterns("tokenizer.model"))
    os.makedirs(os.path.join(a.out, "images"))
    for name in IMAGES:
        shutil.copy(os.path.join(a.data, "images", name), os.path.join(a.out, "images", name))

    rgb = R.read_safetensors(os.path.join(a.data, "images", "images_golden.safetensors"))
    with open(os.path.join(a.data, "images", "images_golden.json"), encoding="utf-8") as f:
        golden = {e["file"]: e for e in json.load(f)["images"]}
    pixels = {}
    for name in IMAGES:
        for size in SIZES:
            resized = P.resize_bicubic(rgb[name + ".rgb"], size, size)
            assert sha(resized.tobytes()) == golden[name][f"resized{size}_sha256"], (name, size)
            pixels[f"{name}.{size}"] = resized
    write_safetensors(os.path.join(a.out, "pixels.safetensors"), pixels)

    with open(os.path.join(a.data, "MANIFEST.json"), encoding="utf-8") as f:
        manifest = json.load(f)
    kept = {}
    for name, entry in manifest["files"].items():
        path = os.path.join(a.out, name)
        if os.path.exists(path):
            with open(path, "rb") as f:
                assert sha(f.read()) == entry["sha256"], name
            kept[name] = entry["sha256"]
    with open(os.path.join(a.out, "versions.json"), "w", encoding="utf-8") as f:
        json.dump({"versions": manifest["versions"], "sha256": kept}, f, indent=1)
        f.write("\n")


if __name__ == "__main__":
    main()
