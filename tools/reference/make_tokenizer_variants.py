"""Writes Tests/TokenizersTests/Fixtures/variants.json: what the tokenizers library gives for tokenizer.json files that differ
from the four flavours of the reference data in one respect each, and for random byte-pair vocabularies.

    pip install tokenizers==0.22.2
    python tools/reference/make_tokenizer_variants.py

Each variant is a set of changes to Fixtures/legacy/tokenizer.json ("set": dotted path -> value, "rename": piece -> other
name, to take a piece away without moving ids), or a whole file ("file"), with texts, ids and decoded texts.
Deterministic: fixed seeds, no dates.
"""
import copy
import json
import os
import random

import tokenizers

HERE = os.path.dirname(os.path.abspath(__file__))
FIXTURES = os.path.join(HERE, "..", "..", "Tests", "TokenizersTests", "Fixtures")
BASE = json.load(open(os.path.join(FIXTURES, "legacy", "tokenizer.json"), encoding="utf-8"))

TEXTS = [
    "", " ", "  ", "\n", "a", " a", "a ", "Hello world", "  two  spaces  ", "▁a ▁b", "▁", "x▁", "<s>", "<s> a", "a<s>",
    "<s>User:<image>what<image> <s>x</s>", "one <mask> two", "one<mask>two", "one \t\n<mask>\u00a0\u3000 two", " <mask> <mask> ",
    "<mask><mask>", "catalog cat cat. (cat) cat_ 1cat é cat", "cat", "catcat", "the cat's", "日本", "日x本日", "日日日", "\U0001f600a",
    "été", "tab\tnl\r\n", "The man is riding a horse.", "aaaa aaaaaaa", "nul\x00", "<image", "<<s>>", "</s></s>x", "<s></s>x",
    "ab<two words>c", "ab<two  words>c", "it is <two words> here",
]


def token(content, number, special=True, normalized=False, lstrip=False, rstrip=False, single_word=False):
    return {"id": number, "content": content, "single_word": single_word, "lstrip": lstrip, "rstrip": rstrip,
            "normalized": normalized, "special": special}


def metaspace(scheme=None, split=None, old=None):
    value = {"type": "Metaspace", "replacement": "▁"}
    if scheme is not None:
        value["prepend_scheme"] = scheme
    if split is not None:
        value["split"] = split
    if old is not None:
        value["add_prefix_space"] = old
    return value


def with_tokens(*extra):
    return {"added_tokens": BASE["added_tokens"] + list(extra)}


VARIANTS = {}
for scheme in ("first", "always", "never"):
    for split in (True, False):
        VARIANTS[f"metaspace {scheme} split={split}"] = {"set": {"normalizer": None, "pre_tokenizer": metaspace(scheme, split)}}
VARIANTS["metaspace of an old file"] = {"set": {"normalizer": None, "pre_tokenizer": metaspace(old=True)}}
VARIANTS["metaspace behind a prepending normalizer"] = {"set": {"pre_tokenizer": metaspace("first", False)}}
VARIANTS["metaspace decoder"] = {"set": {"normalizer": None, "pre_tokenizer": metaspace("always", False), "decoder": metaspace("always", False)}}
VARIANTS["metaspace decoder never"] = {"set": {"normalizer": None, "pre_tokenizer": metaspace("never", False), "decoder": metaspace("never", False)}}
VARIANTS["no decoder"] = {"set": {"decoder": None}}
VARIANTS["strip two at both ends"] = {"set": {"decoder": {"type": "Sequence", "decoders": [
    {"type": "Replace", "pattern": {"String": "▁"}, "content": " "}, {"type": "ByteFallback"}, {"type": "Fuse"},
    {"type": "Strip", "content": " ", "start": 2, "stop": 2}]}}}
VARIANTS["no normalizer"] = {"set": {"normalizer": None}}
VARIANTS["replace two spaces"] = {"set": {"normalizer": {"type": "Sequence", "normalizers": [
    {"type": "Replace", "pattern": {"String": "  "}, "content": "▁"}, {"type": "Prepend", "prepend": "▁▁"}]}}}
for flags in ({"lstrip": True}, {"rstrip": True}, {"lstrip": True, "rstrip": True}, {"single_word": True},
              {"single_word": True, "lstrip": True, "rstrip": True}):
    for normalized in (False, True):
        name = " ".join(flags) + (" normalized" if normalized else "")
        VARIANTS[f"added tokens {name}"] = {"set": with_tokens(
            token("<mask>", 1002, normalized=normalized, **flags), token("cat", 1003, special=False, normalized=normalized, **flags))}
VARIANTS["added token with spaces, normalized"] = {"set": with_tokens(token("<two words>", 1002, normalized=True))}
VARIANTS["added token with spaces"] = {"set": with_tokens(token("<two words>", 1002))}
VARIANTS["overlapping added tokens"] = {"set": with_tokens(token("ab<", 1002), token("ab<two", 1003), token("b<two words>", 1004, special=False))}
VARIANTS["added token that is a piece"] = {"set": {"added_tokens": BASE["added_tokens"][:3] + [
    token("▁the", BASE["model"]["vocab"]["▁the"], special=False, normalized=True)]}}
VARIANTS["ignore merges"] = {"set": {"model.ignore_merges": True}}
VARIANTS["merges as strings"] = {"set": {"model.merges": [" ".join(pair) for pair in BASE["model"]["merges"]]}}
VARIANTS["no byte fallback"] = {"set": {"model.byte_fallback": False}}
VARIANTS["no byte fallback, unknowns apart"] = {"set": {"model.byte_fallback": False, "model.fuse_unk": False}}
MISSING = {"<0xE6>": "<gone1>", "<0x00>": "<gone2>"}
VARIANTS["a byte is missing"] = {"rename": MISSING}
VARIANTS["a byte is missing, unknowns apart"] = {"rename": MISSING, "set": {"model.fuse_unk": False}}


def changed(variant):
    value = copy.deepcopy(BASE)
    for old, new in variant.get("rename", {}).items():
        value["model"]["vocab"] = {new if piece == old else piece: number for piece, number in value["model"]["vocab"].items()}
    for path, new in variant.get("set", {}).items():
        *parents, last = path.split(".")
        place = value
        for key in parents:
            place = place[key]
        place[last] = new
    return value


def random_file(seed):
    """A vocabulary over four letters whose merges are drawn at random, so that ties and overlaps abound."""
    draw = random.Random(seed)
    letters = ["a", "b", "c", "▁"]
    pieces, merges = ["<unk>"] + letters, []
    while len(merges) < 24:
        left, right = draw.choice(pieces[1:]), draw.choice(pieces[1:])
        if len(left + right) > 6 or [left, right] in merges:
            continue
        merges.append([left, right])
        if left + right not in pieces:
            pieces.append(left + right)
    draw.shuffle(merges)
    return {"version": "1.0", "truncation": None, "padding": None, "added_tokens": [token("<unk>", 0)],
            "normalizer": {"type": "Replace", "pattern": {"String": " "}, "content": "▁"}, "pre_tokenizer": None, "post_processor": None,
            "decoder": {"type": "Fuse"},
            "model": {"type": "BPE", "dropout": None, "unk_token": "<unk>", "continuing_subword_prefix": None, "end_of_word_suffix": None,
                      "fuse_unk": bool(seed % 2), "byte_fallback": False, "ignore_merges": False,
                      "vocab": {piece: number for number, piece in enumerate(pieces)}, "merges": merges}}


def random_texts(seed):
    draw = random.Random(1000 + seed)
    return ["".join(draw.choice("aaabbc dd") for _ in range(draw.randint(1, 40))) for _ in range(25)]


def cases(value, texts):
    tokenizer = tokenizers.Tokenizer.from_str(json.dumps(value))
    rows = []
    for text in texts:
        ids = tokenizer.encode(text, add_special_tokens=False).ids
        try:
            rows.append({"text": text, "ids": ids, "decode": tokenizer.decode(ids, skip_special_tokens=False),
                         "decode_skip_special": tokenizer.decode(ids, skip_special_tokens=True)})
        except BaseException as error:                               # the library panics when Strip meets a text that is too short
            if type(error).__name__ != "PanicException":
                raise
    return rows


out = {"versions": {"tokenizers": tokenizers.__version__}, "variants": []}
for name, variant in VARIANTS.items():
    out["variants"].append({"name": name, **variant, "cases": cases(changed(variant), TEXTS)})
for seed in range(20):
    value = random_file(seed)
    out["variants"].append({"name": f"random merges {seed}", "file": value, "cases": cases(value, random_texts(seed))})
with open(os.path.join(FIXTURES, "variants.json"), "w", encoding="utf-8") as f:
    f.write('{"versions": ' + json.dumps(out["versions"]) + ', "variants": [\n')
    f.write(",\n".join(json.dumps(v, ensure_ascii=True) for v in out["variants"]) + "\n]}\n")
print(len(out["variants"]), "variants")
