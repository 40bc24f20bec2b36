"""Makes Tests/ImagesTests/Fixtures: small synthetic JPEG and PNG files of every kind and what Pillow makes of them.

    python make_images.py --out ../../Tests/ImagesTests/Fixtures        (pillow 12.2.0, numpy 2.4.6; see README.md)

Pillow is the oracle for decoding, white compositing and resizing; pil_reference.py, beside this file, for the
normalised values and the CLIP square. `images.json` lists files that load, `refused.json` files that must not.
"""
import argparse
import hashlib
import io
import itertools
import json
import os
import struct
import zlib

import numpy as np
from PIL import Image, ImageFile

import pil_reference as reference

ADAM7 = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))


# ------------------------------------------------------------------------------------------- writers
def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def packed(row, depth):
    if depth == 16:
        return row.astype(">u2").tobytes()
    if depth == 8:
        return row.astype(np.uint8).tobytes()
    bits = (row.reshape(-1).astype(np.uint8)[:, None] >> np.arange(depth - 1, -1, -1)) & 1
    return np.packbits(bits.reshape(-1)).tobytes()


def scanlines(array, depth, interlaced):
    passes = ADAM7 if interlaced else ((0, 0, 1, 1),)
    parts = [array[y::dy, x::dx] for x, y, dx, dy in passes]
    return b"".join(b"\0" + packed(row, depth) for part in parts if part.size for row in part)


def png(array, depth, colour_type, extra=b"", interlaced=False, stream=None):
    """PNG bytes of raw samples [h, w] or [h, w, c], filter 0; `stream` replaces the compressed pixels."""
    height, width = array.shape[:2]
    array = array.reshape(height, width, -1)
    stream = zlib.compress(scanlines(array, depth, interlaced), 9) if stream is None else stream
    header = struct.pack(">IIBBBBB", width, height, depth, colour_type, 0, 0, int(interlaced))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + extra + chunk(b"IDAT", stream) + chunk(b"IEND", b""))


def jpeg(array, mode=None, **options):
    out = io.BytesIO()
    Image.fromarray(array, mode).save(out, "JPEG", **options)
    return out.getvalue()


def synthetic(width, height, seed):
    """Smooth gradients, shapes and a little noise, uint8 RGB."""
    r = np.random.default_rng(seed)
    y, x = np.mgrid[0:height, 0:width].astype(np.float64)
    planes = [
        127 + 120 * np.sin(x / width * r.uniform(2, 9) + y / height * r.uniform(2, 9) + r.uniform(0, 6)) for _ in range(3)
    ]
    image = np.stack(planes, -1)
    for _ in range(6):
        cx, cy, size = r.uniform(0, width), r.uniform(0, height), r.uniform(0.05, 0.25) * min(width, height)
        colour = r.uniform(0, 255, 3)
        if r.random() < 0.5:
            inside = (x - cx) ** 2 + (y - cy) ** 2 < size * size
        else:
            inside = (abs(x - cx) < size) & (abs(y - cy) < size * 0.6)
        image[inside] = colour
    image += r.normal(0, 4, image.shape)
    return np.clip(np.round(image), 0, 255).astype(np.uint8)


# ------------------------------------------------------------------------------------------- files that load
def jpegs():
    base = synthetic(97, 61, 1)
    yield "j420.jpg", jpeg(base, quality=90, subsampling=2)
    yield "j422.jpg", jpeg(base, quality=85, subsampling=1)
    yield "j444.jpg", jpeg(base, quality=95, subsampling=0)
    yield "jprog.jpg", jpeg(synthetic(101, 77, 2), quality=80, progressive=True)
    yield "jgray.jpg", jpeg(np.array(Image.fromarray(synthetic(64, 80, 3)).convert("L")), quality=88)
    cmyk = np.concatenate([synthetic(60, 50, 4), synthetic(60, 50, 5)[..., :1] // 3], -1)
    yield "jcmyk.jpg", jpeg(cmyk, "CMYK", quality=92)
    yield "jcmykprog.jpg", jpeg(cmyk, "CMYK", quality=60, progressive=True)
    # Adobe transform 2: the same file read as YCCK, which libjpeg turns into CMYK first.
    ycck = jpeg(cmyk, "CMYK", quality=92)
    at = ycck.index(b"Adobe") + 11
    yield "jycck.jpg", ycck[:at] + b"\2" + ycck[at + 1:]
    exif = Image.Exif()
    exif[0x0112] = 6
    yield "jexif6.jpg", jpeg(synthetic(90, 50, 6), quality=90, exif=exif)
    yield "jrestart.jpg", jpeg(synthetic(83, 59, 7), quality=70, optimize=True, restart_marker_blocks=3)
    yield "jlowq.jpg", jpeg(synthetic(120, 90, 8), quality=15)
    yield "jtall.jpg", jpeg(synthetic(150, 260, 9), quality=85)
    yield "jwide.jpg", jpeg(synthetic(320, 200, 10), quality=85)
    yield "jrgb.jpg", jpeg(synthetic(40, 40, 11), quality=90, keep_rgb=True)  # Adobe transform 0
    yield "jpixel.jpg", jpeg(synthetic(1, 1, 12), quality=90)
    yield "jodd.jpg", jpeg(synthetic(17, 3, 13), quality=90)
    yield "jpeg_named.png", jpeg(synthetic(20, 20, 14), quality=90)
    damaged = bytearray(jpeg(synthetic(64, 64, 15), quality=90, restart_marker_blocks=4))
    damaged[len(damaged) * 2 // 3] ^= 0x55  # Pillow loads such files; libjpeg warns
    yield "jdamaged.jpg", bytes(damaged)
    yield "jnoise.jpg", jpeg(base, quality=90)[:-2] + bytes(range(40)) + b"\xff\xd9"


def plain_pngs():
    yield "prgb.png", png(synthetic(50, 34, 20), 8, 2)
    alpha = np.linspace(0, 255, 48 * 40).reshape(40, 48).astype(np.uint8)
    yield "prgba.png", png(np.dstack([synthetic(48, 40, 21), alpha]), 8, 6)
    yield "pgray.png", png(synthetic(33, 33, 22)[..., 0], 8, 0)
    yield "pla.png", png(np.dstack([synthetic(30, 20, 23)[..., 0], synthetic(30, 20, 24)[..., 1]]), 8, 4)
    ramp = (np.arange(40 * 30).reshape(30, 40) * 54).astype(np.uint16)
    ramp[:10] = np.arange(400).reshape(10, 40)
    yield "pgray16.png", png(ramp, 16, 0)
    yield "prgb16.png", png((synthetic(24, 24, 25).astype(np.uint16) << 8) + 77, 16, 2)
    alpha = np.linspace(0, 65535, 24 * 18).reshape(18, 24).astype(np.uint16)
    yield "prgba16.png", png(np.dstack([(synthetic(24, 18, 26).astype(np.uint16) << 8) + 200, alpha]), 16, 6)
    out = io.BytesIO()
    Image.fromarray(synthetic(56, 42, 27)).quantize(17).save(out, "PNG")
    yield "ppal.png", out.getvalue()
    index = (np.arange(20 * 16).reshape(16, 20) % 5).astype(np.uint8)
    palette = chunk(b"PLTE", bytes([250, 10, 10, 10, 250, 10, 10, 10, 250, 120, 120, 120, 0, 0, 0]))
    yield "ppaltrns.png", png(index, 8, 3, palette + chunk(b"tRNS", bytes([0, 64, 128, 255])))
    yield "prgbtrns.png", png(np.full((12, 12, 3), 9, np.uint8), 8, 2, chunk(b"tRNS", struct.pack(">HHH", 9, 9, 9)))
    gray = (np.arange(16 * 16).reshape(16, 16) % 7 * 30).astype(np.uint8)
    yield "pgraytrns.png", png(gray, 8, 0, chunk(b"tRNS", struct.pack(">H", 60)))
    yield "padam7.png", png(synthetic(29, 23, 28), 8, 2, interlaced=True)
    out = io.BytesIO()
    Image.fromarray(synthetic(35, 27, 29)).convert("1").save(out, "PNG")
    yield "p1bit.png", out.getvalue()
    yield "ptiny.png", png(synthetic(5, 4, 30), 8, 2)


CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
DEPTHS = {0: (1, 2, 4, 8, 16), 2: (8, 16), 3: (1, 2, 4, 8), 4: (8, 16), 6: (8, 16)}


def odd_pngs():
    """Every colour type and depth, with and without tRNS and Adam7, from random samples."""
    r = np.random.default_rng(40)
    for colour_type, interlaced in itertools.product(DEPTHS, (False, True)):
        for depth in DEPTHS[colour_type]:
            top = min(1 << depth, 400) if colour_type == 0 else 1 << depth
            shape = (int(r.integers(1, 14)), int(r.integers(1, 14)), CHANNELS[colour_type])
            array = r.integers(0, top, shape)
            extras = {"": b""}
            if colour_type == 0:
                extras = {"": b"", "k": chunk(b"tRNS", struct.pack(">H", int(array[0, 0, 0])))}
            if colour_type == 3:
                palette = chunk(b"PLTE", r.bytes(3 * max(1, (1 << depth) * 3 // 4)))  # the last quarter is missing
                extras = {"": palette, "k": palette + chunk(b"tRNS", r.bytes((1 << depth) // 2))}
            for suffix, extra in extras.items():
                name = f"t{colour_type}d{depth}{suffix}{'i' if interlaced else ''}.png"
                yield name, png(array, depth, colour_type, extra, interlaced)
    for depth, key in ((1, 1), (1, 7), (2, 0), (2, 85), (2, 1), (4, 0), (4, 17), (4, 3), (8, 0x13C), (16, 0x101)):
        values = np.arange(min(1 << depth, 300)).reshape(1, -1)
        yield f"key{depth}_{key}.png", png(values, depth, 0, chunk(b"tRNS", struct.pack(">H", key)))
    yield "strip_wide.png", png(synthetic(600, 2, 41), 8, 2)
    yield "strip_tall.png", png(synthetic(3, 338, 42), 8, 2)  # over 100 times as high as wide: vertical pass first
    yield "strip_edge.png", png(synthetic(3, 300, 43), 8, 2)  # just not
    yield "target.png", png(synthetic(224, 224, 44)[:, :, :1].repeat(3, 2) // 64 * 64, 8, 2)
    profile = chunk(b"iCCP", b"x\0\0" + zlib.compress(bytes(900_000), 9))
    text = chunk(b"zTXt", b"x\0\0" + zlib.compress(bytes(900_000), 9))
    gamma = chunk(b"gAMA", struct.pack(">I", 100_000)) + chunk(b"sBIT", b"\5\5\5")
    yield "ancillary.png", png(synthetic(9, 9, 45), 8, 2, gamma + profile + text)
    good = png(synthetic(9, 7, 46), 8, 2)
    yield "no_end.png", good[:-12]
    yield "chunk_checksum.png", good[:-13] + bytes([good[-13] ^ 1]) + good[-12:]


# ------------------------------------------------------------------------------------------- files that do not
def refused():
    """name, bytes, reason: the case of ImageError.Reason."""
    photo = jpeg(synthetic(64, 48, 50), quality=80)
    picture = png(synthetic(20, 16, 51), 8, 2)
    rows = scanlines(synthetic(20, 16, 51).reshape(16, 20, 3), 8, False)
    gif, tiff, bmp, webp = (io.BytesIO() for _ in range(4))
    Image.fromarray(synthetic(12, 9, 52)).quantize(8).save(gif, "GIF")
    Image.fromarray(synthetic(4, 4, 52)).save(tiff, "TIFF")
    Image.fromarray(synthetic(4, 4, 52)).save(bmp, "BMP")
    Image.fromarray(synthetic(12, 9, 52)).save(webp, "WEBP")
    yield "empty.jpg", b"", "empty"
    yield "page.jpg", b"<!DOCTYPE html><html>404</html>\n", "otherFormat"
    yield "picture.gif", gif.getvalue(), "otherFormat"
    yield "picture.tif", tiff.getvalue(), "otherFormat"
    yield "picture.bmp", bmp.getvalue(), "otherFormat"
    yield "picture.webp", webp.getvalue(), "otherFormat"
    yield "picture.heic", b"\0\0\0\x18ftypheic" + bytes(12), "otherFormat"
    yield "zeros.jpg", bytes(64), "unknownFormat"
    yield "no_start.jpg", b"\0\0" + photo[2:], "unknownFormat"
    yield "cut.jpg", photo[: len(photo) * 6 // 10], "truncated"
    yield "cut_header.jpg", photo[:100], "truncated"
    yield "cut_progressive.jpg", jpeg(synthetic(64, 48, 50), quality=80, progressive=True)[:-2], "truncated"
    yield "cut.png", picture[: len(picture) * 6 // 10], "truncated"
    yield "cut_header.png", picture[:20], "truncated"
    yield "bad_table.jpg", photo.replace(b"\xff\xc4", b"\xff\xc4\0\3", 1), "corrupt"
    frame = photo.index(b"\xff\xc0")
    yield "twelve_bits.jpg", photo[: frame + 4] + b"\x0c" + photo[frame + 5:], "unsupported"
    yield "lossless.jpg", photo.replace(b"\xff\xc0", b"\xff\xc3", 1), "unsupported"
    yield "no_height.jpg", photo[: frame + 5] + b"\0\0" + photo[frame + 7:], "corrupt"
    yield "few_rows.png", png(np.zeros((16, 20, 3)), 8, 2, stream=zlib.compress(rows[:-61])), "corrupt"
    yield "bad_filter.png", png(np.zeros((16, 20, 3)), 8, 2, stream=zlib.compress(b"\5" + rows[1:])), "corrupt"
    stream = zlib.compress(rows)
    stream = stream[:-1] + bytes([stream[-1] ^ 1])
    yield "pixel_checksum.png", png(np.zeros((16, 20, 3)), 8, 2, stream=stream), "corrupt"
    parts = chunk(b"IDAT", stream[:-4]) + chunk(b"IDAT", stream[-4:])
    yield "pixel_checksum_apart.png", picture[:33] + parts + chunk(b"IEND", b""), "corrupt"
    yield "header_checksum.png", picture[:29] + bytes([picture[29] ^ 1]) + picture[30:], "corrupt"
    yield "bad_depth.png", png(np.zeros((2, 2)), 3, 0, stream=b""), "corrupt"
    yield "no_palette.png", png(np.zeros((2, 2)), 8, 3), "corrupt"
    for name, (width, height) in {"huge.png": (60_000, 60_000), "long.png": (1_000_001, 1)}.items():
        header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
        yield name, picture[:8] + chunk(b"IHDR", header) + picture[33:], "tooLarge"
    yield "huge.jpg", photo[: frame + 5] + struct.pack(">HH", 60_000, 60_000) + photo[frame + 9:], "tooLarge"


# ------------------------------------------------------------------------------------------- what Pillow says
def to_rgb(data):
    """The released processor's conversion: RGB as it is, everything else over opaque white."""
    image = Image.open(io.BytesIO(data))
    if image.mode == "RGB":
        return np.array(image)
    rgba = image.convert("RGBA")
    white = Image.new("RGBA", rgba.size, (255, 255, 255))
    return np.array(Image.alpha_composite(white, rgba).convert("RGB"))


def digest(array):
    return hashlib.sha256(np.ascontiguousarray(array).tobytes()).hexdigest()


def clip_square(rgb):
    height, width, _ = rgb.shape
    short, long = min(width, height), int(224 * max(width, height) / min(width, height))
    size = (224, long) if width <= height else (long, 224)
    resized = np.array(Image.fromarray(rgb).resize(size, Image.BICUBIC))
    top, left = (size[1] - 224) // 2, (size[0] - 224) // 2
    return resized[top:top + 224, left:left + 224]


def expectations(name, data):
    rgb = to_rgb(data)
    entry = {"file": name, "width": rgb.shape[1], "height": rgb.shape[0], "rgb": digest(rgb)}
    for side in (224, 32, 30):
        resized = np.array(Image.fromarray(rgb).resize((side, side), Image.BICUBIC))
        entry[f"resized{side}"] = digest(resized)
        entry[f"pixels{side}"] = digest(reference.normalise(resized).astype("<f4"))
    entry["clip224"] = digest(clip_square(rgb))
    return entry


def loaded(data):
    """What LOAD_TRUNCATED_IMAGES makes of a truncated file."""
    ImageFile.LOAD_TRUNCATED_IMAGES = True
    try:
        return digest(to_rgb(data))
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = False


# Refused without `--truncated-images load`, equal to Pillow with it. A truncated *progressive* JPEG is not among
# them: Pillow's own libjpeg-turbo 3 smooths missing detail a little differently from 2.1.
LOADED_WHEN_TRUNCATED = ("cut.jpg", "cut.png", "few_rows.png")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", required=True)
    out = parser.parse_args().out
    os.makedirs(out, exist_ok=True)

    def write(name, data):
        with open(os.path.join(out, name), "wb") as file:
            file.write(data)

    images, refusals = [], []
    for name, data in itertools.chain(jpegs(), plain_pngs(), odd_pngs()):
        write(name, data)
        images.append(expectations(name, data))
    for name, data, reason in refused():
        write(name, data)
        entry = {"file": name, "reason": reason}
        if name in LOADED_WHEN_TRUNCATED:
            entry["loaded"] = loaded(data)
        refusals.append(entry)
    for name, value in (("images.json", images), ("refused.json", refusals)):
        write(name, (json.dumps(value, indent=1) + "\n").encode())


if __name__ == "__main__":
    main()
