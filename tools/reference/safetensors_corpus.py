"""Writes Tests/TensorsTests/Fixtures/safetensors_corpus.json: small files, sound and hostile, with
the verdict of the reference implementation (the Rust crate behind the `safetensors` package).

    python -m venv venv && venv/bin/pip install safetensors==0.8.0
    venv/bin/python tools/reference/safetensors_corpus.py
"""
import base64
import json
import pathlib
import random
import struct

import safetensors

OUT = pathlib.Path(__file__).parents[2] / "Tests/TensorsTests/Fixtures/safetensors_corpus.json"
BITS = {
    "BOOL": 8, "F4": 4, "F6_E2M3": 6, "F6_E3M2": 6, "U8": 8, "I8": 8, "F8_E5M2": 8, "F8_E4M3": 8,
    "F8_E8M0": 8, "F8_E5M2FNUZ": 8, "F8_E4M3FNUZ": 8, "I16": 16, "U16": 16, "F16": 16, "BF16": 16,
    "I32": 32, "U32": 32, "F32": 32, "C64": 64, "F64": 64, "I64": 64, "U64": 64,
}
cases = []


def put(name, data):
    """Adds a case; one that is there already under this name is left alone."""
    if (name, data) not in cases:
        cases.append((name, data))


def framed(header, body=b"", length=None):
    header = header if isinstance(header, bytes) else header.encode()
    return struct.pack("<Q", len(header) if length is None else length) + header + body


def info(dtype="F32", shape="[1]", offsets="[0,4]"):
    return f'{{"dtype":"{dtype}","shape":{shape},"data_offsets":{offsets}}}'


def file_of(*tensors, body=None, metadata=None):
    """Tensors as (name, dtype, shape): laid out one after the other."""
    at, parts = 0, []
    if metadata is not None:
        parts.append(f'"__metadata__":{metadata}')
    for name, dtype, shape in tensors:
        count = 1
        for extent in shape:
            count *= extent
        size = count * BITS[dtype] // 8
        parts.append(f'{json.dumps(name)}:{info(dtype, json.dumps(shape), [at, at + size])}')
        at += size
    return framed("{" + ",".join(parts) + "}", bytes(at if body is None else body))


def sound():
    put("empty object", framed("{}"))
    put("empty object, padded", framed("{}      "))
    put("no tensors, only metadata", file_of(metadata='{"format":"pt"}'))
    for dtype in BITS:
        put(f"one {dtype}", file_of(("a", dtype, [2, 8])))
    for shape in [[], [0], [1], [3, 0, 2], [0, 0], [1, 1, 1, 1, 1], [7, 5], [2] * 9]:
        put(f"shape {shape}", file_of(("a", "F32", shape)))
        put(f"shape {shape} between others", file_of(
            ("x", "U8", [3]), ("a", "BF16", shape), ("y", "F16", [2])))
    for name in ["", "a.b.c", "ä", "日本", "a\"b", "a\\b", "a\nb", "\u0000", "x" * 300, "__metadata", "😀"]:
        put(f"name {name[:20]!r}", file_of((name, "F32", [2])))
    put("same name in NFC and NFD", file_of(("\u00e9", "F32", [1]), ("e\u0301", "F32", [1])))
    put("order of header is not order of data",
        framed('{"b":' + info(offsets="[4,8]") + ',"a":' + info() + "}", bytes(8)))
    put("metadata with escapes", file_of(("a", "F32", [1]), metadata='{"k\\u00e9":"v\\n"}'))
    put("empty metadata", file_of(("a", "F32", [1]), metadata="{}"))
    put("metadata after tensors",
        framed('{"a":' + info() + ',"__metadata__":{"k":"v"}}', bytes(4)))
    put("many tensors", file_of(*[(f"t{i}", "I16", [i % 4]) for i in range(40)]))
    put("keys of a tensor in another order",
        framed('{"a":{"data_offsets":[0,4],"shape":[1],"dtype":"F32"}}', bytes(4)))
    put("whitespace everywhere",
        framed(' \n\t\r{ "a" : { "dtype" : "F32" , "shape" : [ 1 ] , "data_offsets" : [ 0 , 4 ] } } ', bytes(4)))
    put("odd header length", framed('{"a":' + info() + "} ", bytes(4)))
    put("escaped dtype", framed('{"a":{"dtype":"\\u004632","shape":[1],"data_offsets":[0,4]}}', bytes(4)))
    put("zero extent makes a huge product harmless",
        framed('{"a":' + info(shape=f"[0,{2**40},{2**40}]", offsets="[0,0]") + "}"))


def prefixes():
    for size in range(8):
        put(f"{size} bytes", bytes(size))
    put("length 0", framed(""))
    for length in [1, 3, 100, 99_999_999, 100_000_000, 100_000_001, 2**31, 2**32, 2**62, 2**63 - 1, 2**63,
                   2**64 - 8, 2**64 - 1]:
        put(f"length {length}", framed("{}", length=length))
    put("length one short", framed("{}", length=1))
    put("header shorter than text", framed('{"a":' + info() + "}", bytes(4), length=20))
    put("header longer than text", framed('{"a":' + info() + "}", bytes(4), length=70))


def texts():
    for text in [
        "[]", "null", "true", "1", '"a"', "", " ", "{", "}", "{}}", "{}{}", "{} x", "{},", "{]", "{'a':1}",
        '{"a"}', '{"a":}', '{"a":1}', '{"a":null}', '{"a":[]}', '{"a":{}}', '{"a":"F32"}', "{,}", '{"a":{},}',
        "\ufeff{}", "{}\0", "\0{}", "// x\n{}", "{}\u00a0", "{}\v", "\f{}", "NaN", "{\"a\":NaN}",
    ]:
        put(f"text {text!r}", framed(text))
    for raw in [b"\xff", b"{\"\xff\":1}", b"\xc0\x80", b"{\"a\xed\xa0\x80\":1}", b"\xff\xfe{\x00}\x00",
                b"{\"__metadata__\":{\"a\":\"\xc3\"}}"]:
        put(f"not UTF-8 {raw!r}", framed(raw))
    put("control character in a name", framed(b'{"a\nb":' + info().encode() + b"}", bytes(4)))
    put("lone surrogate in a name", framed('{"\\ud800":' + info() + "}", bytes(4)))
    put("lone low surrogate", framed('{"\\udc00":' + info() + "}", bytes(4)))
    put("surrogate pair in a name", framed('{"\\ud83d\\ude00":' + info() + "}", bytes(4)))
    put("bad escape in a name", framed('{"\\x":' + info() + "}", bytes(4)))
    put("trailing comma", framed('{"a":' + info() + ",}", bytes(4)))
    put("trailing comma in shape", framed('{"a":' + info(shape="[1,]") + "}", bytes(4)))


def fields():
    whole = {"dtype": '"F32"', "shape": "[1]", "data_offsets": "[0,4]"}

    def with_(name, **changes):
        parts = {**whole, **changes}
        text = ",".join(f'"{k}":{v}' for k, v in parts.items() if v is not None)
        put(name, framed('{"a":{' + text + "}}", bytes(4)))

    for key in whole:
        with_(f"{key} missing", **{key: None})
        for value in ["null", "1", '"x"', "[]", "{}", "true", "[null]", '["1"]', "[[1]]", "[1.0]", "[1e0]",
                      "[-1,0]", "[-0]", "[true]", "[01]", "[+1]"]:
            with_(f"{key} is {value}", **{key: value})
    for dtype in ["f32", "F32 ", "float32", "F33", "", "F128", "I4", "BF16x", "F8", "C128", "Float32", "\\u0000"]:
        with_(f"dtype {dtype!r}", dtype=f'"{dtype}"')
    for offsets in [
        "[0]", "[0,4,8]", "[4,0]", "[0,3]", "[0,5]", "[0,8]", "[1,5]", "[4,8]", "[-4,0]", "[0,-4]", "[0.0,4.0]",
        "[0,4e0]", f"[0,{2**63}]", f"[0,{2**64 - 1}]", f"[0,{2**64}]", f"[{2**64 - 4},{2**64 - 1}]",
        f"[0,{10**30}]", "[4,4]", "[0,0]", "[5,4]",
    ]:
        with_(f"offsets {offsets}", data_offsets=offsets)
    for shape in [
        "[2]", "[0]", "[1,2]", f"[{2**62}]", f"[{2**62},4]", f"[{2**32},{2**32}]", f"[{2**64 - 1}]", f"[{2**64}]",
        f"[{2**63},2]", f"[{2**32},{2**32},0]", f"[{2**61},2]", "[1,1,1]", "[]", "[-1,-1]", "[0,1]", "[1.5]",
    ]:
        with_(f"shape of one float {shape}", shape=shape)
    with_("unknown member", extra="1")
    with_("unknown member of any form", extra='{"x":[1,{"y":null}]}')
    put("dtype twice", framed('{"a":{"dtype":"F32","dtype":"F32","shape":[1],"data_offsets":[0,4]}}', bytes(4)))
    put("shape twice", framed('{"a":{"dtype":"F32","shape":[1],"shape":[1],"data_offsets":[0,4]}}', bytes(4)))
    for metadata in ["null", "1", '"x"', "[]", '{"a":1}', '{"a":null}', '{"a":{}}', '{"a":["b"]}', '{"a":true}',
                     '{"a":"b","c":1}']:
        put(f"metadata {metadata}", file_of(("a", "F32", [1]), metadata=metadata))
    put("metadata is a tensor", framed('{"__metadata__":' + info() + "}", bytes(4)))
    put("metadata twice", framed('{"__metadata__":{},"__metadata__":{}}'))


def layouts():
    def two(name, first, second, body):
        put(name, framed('{"a":' + info(offsets=first) + ',"b":' + info(offsets=second) + "}", bytes(body)))

    two("overlapping", "[0,4]", "[2,6]", 6)
    two("identical ranges", "[0,4]", "[0,4]", 4)
    two("hole between", "[0,4]", "[6,10]", 10)
    two("hole in front", "[2,6]", "[6,10]", 10)
    two("one inside the other", "[0,4]", "[1,5]", 5)
    two("second beyond the end", "[0,4]", "[4,8]", 6)
    two("far beyond the end", "[0,4]", "[1000000,1000004]", 8)
    two("bytes left over", "[0,4]", "[4,8]", 9)
    for body in [0, 1, 3, 5, 8]:
        put(f"one float in {body} bytes", framed('{"a":' + info() + "}", bytes(body)))
    put("data without tensors", framed("{}", b"\0"))
    put("zero-size tensors at one place", framed(
        '{"a":' + info(shape="[0]", offsets="[0,0]") + ',"b":' + info(shape="[0]", offsets="[0,0]") + ',"c":'
        + info() + "}", bytes(4)))
    put("zero-size tensor inside another", framed(
        '{"a":' + info() + ',"b":' + info(shape="[0]", offsets="[2,2]") + "}", bytes(4)))
    put("zero-size tensor behind the end", framed(
        '{"a":' + info() + ',"b":' + info(shape="[0]", offsets="[8,8]") + "}", bytes(4)))
    put("zero-size tensor at the end", framed(
        '{"a":' + info() + ',"b":' + info(shape="[0]", offsets="[4,4]") + "}", bytes(4)))
    for dtype in ["F4", "F6_E2M3"]:
        for count in range(1, 6):
            size = count * BITS[dtype] // 8
            put(f"{count} of {dtype}", framed(
                '{"a":' + info(dtype, f"[{count}]", f"[0,{size}]") + "}", bytes(size)))
    put("duplicate tensor, same text", framed('{"a":' + info() + ',"a":' + info() + "}", bytes(4)))
    put("duplicate tensor, other range",
        framed('{"a":' + info() + ',"a":' + info(offsets="[4,8]") + "}", bytes(8)))
    put("duplicate tensor through an escape", framed('{"a":' + info() + ',"\\u0061":' + info() + "}", bytes(4)))


def mutations():
    """Seeded edits of a sound file: bytes replaced, removed, inserted, the file cut."""
    source = random.Random(20260301)
    base = file_of(("weight", "F32", [2, 2]), ("bias", "BF16", [3]), ("none", "F16", [0]),
                   metadata='{"format":"pt"}')
    for number in range(160):
        data = bytearray(base)
        for _ in range(source.randint(1, 3)):
            at = source.randrange(min(len(data), 200))
            kind = source.randrange(4)
            if kind == 0:
                data[at] = source.choice(b'0123456789"{}[],:-.eE \\a\xff')
            elif kind == 1:
                del data[at]
            elif kind == 2:
                data.insert(at, source.choice(b'0123456789"{}[],: '))
            else:
                data[at] ^= 1 << source.randrange(8)
        put(f"mutation {number}", bytes(data))
    for cut in range(0, len(base), 9):
        put(f"cut at {cut}", base[:cut])


def verdict(data):
    try:
        tensors = safetensors.deserialize(data)
    except Exception:
        return None
    return sorted([name, view["dtype"], list(view["shape"]), len(view["data"])] for name, view in tensors)


for make in [sound, prefixes, texts, fields, layouts, mutations]:
    make()
assert len({name for name, _ in cases}) == len(cases)
# The crate lets the later of two entries win; the format forbids them, and so do we.
records = [
    {
        "name": name,
        "file": base64.b64encode(data).decode(),
        "tensors": None if name.startswith("duplicate") else verdict(data),
    }
    for name, data in cases
]
document = {"reference": f"safetensors {safetensors.__version__}", "cases": records}
OUT.write_text(json.dumps(document, indent=0, ensure_ascii=True) + "\n")
print(len(records), "cases,", sum(r["tensors"] is not None for r in records), "accepted")
