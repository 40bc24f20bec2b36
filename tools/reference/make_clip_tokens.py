"""Token ids of CLIP's tokenizer for texts of all kinds, by the Hugging Face tokenizers library.

    python3 tools/reference/make_clip_tokens.py Tests/Fixtures/reference/clip/clip-openai-like/tokenizer.json \
        Tests/TokenizersTests/Fixtures/clip_tokens.json [--count 600] [--seed 1]

Texts that hold an added token are left out: the library finds added tokens in texts, idefics-eval
does not.
"""

import argparse
import json
import random
import unicodedata
from pathlib import Path

import tokenizers

SAMPLES = [
    "a photo of a cat", "A Photo of a CAT!", "  two   dogs\tplaying\n", "it's don't we're I'LL they'd",
    "naïve café", "emoji 😀 👩‍👩‍👧", "12:45 1999", "x_y-z (a)", "", " ", "'s 't're've'm'll'd", "''s'''t",
    "İstanbul ẞ ΑΣ ΣΑΣ", "e\u0301 \u00e9 \u212b \u1100\u1161\u11a8", "½ ² Ⅷ ৪ ٣", "\u00a0\u2003\u3000\u2028\u0085x",
    "日本語のテキスト", "مرحبا بالعالم", "हिन्दी", "ไทย", "ﬁ ﬂ ǅ", "a" * 200, "\u200b\ufeff\u00ad", "\ud7ff\ue000\uffff",
]


def scalar(generator: random.Random) -> str:
    """A random scalar; ASCII, Latin, letters, numbers, spaces and marks more often than others."""
    kind = generator.random()
    if kind < 0.45:
        return chr(generator.randrange(32, 127))
    if kind < 0.6:
        return generator.choice("   \t\n'\u00a0\u2009\u3000")
    # Letters of the newest Unicode are letters or not as a library's tables are old or new.
    while True:
        value = generator.randrange(0xA0, 0x2000) if kind < 0.8 else generator.randrange(0x110000)
        if not 0xD800 <= value < 0xE000 and unicodedata.category(chr(value)) != "Cn":
            return chr(value)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("tokenizer", type=Path)
    parser.add_argument("output", type=Path)
    parser.add_argument("--count", type=int, default=600)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    tokenizer = tokenizers.Tokenizer.from_file(str(arguments.tokenizer))
    tokenizer.no_padding()
    tokenizer.enable_truncation(max_length=77)
    generator = random.Random(arguments.seed)
    texts = SAMPLES + [
        "".join(scalar(generator) for _ in range(generator.randrange(1, 30)))
        for _ in range(arguments.count)
    ]
    texts = [text for text in texts if "<|" not in text]
    vectors = [{"text": text, "ids": tokenizer.encode(text).ids} for text in texts]
    arguments.output.write_text(
        json.dumps(
            {"tokenizers": tokenizers.__version__, "seed": arguments.seed, "limit": 77, "vectors": vectors},
            ensure_ascii=True,
            indent=0,
        ).replace("\n", "")
        + "\n"
    )


if __name__ == "__main__":
    main()
