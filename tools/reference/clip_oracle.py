"""CLIP models of published shapes with random weights: `embed` against transformers.

    python3 tools/reference/clip_oracle.py --tool .build/release/idefics-eval \
        --tokenizer Tests/Fixtures/reference/clip/clip-openai-like --work EXISTING_FOLDER --pictures PICTURE...

Measured with torch 2.13.0, transformers 4.57.6, Pillow 12.2.0, safetensors 0.8.0. For every shape a
CLIPModel folder with random weights is written below FOLDER (up to 1.7 GB, removed when compared),
embedded by the program and by transformers (slow image processor, pictures over opaque white), and
the largest difference of a number is printed, with how far apart the vectors of two pictures are: a
model that says the same of all pictures would prove nothing.
"""

import argparse
import json
import shutil
import subprocess
import tempfile
from pathlib import Path

import PIL
import safetensors
import torch
import transformers
from PIL import Image
from safetensors.torch import load_file

TEXTS = ["a photo of a cat", "A Photo of a CAT!", "x", "it's 1999", "word " * 200]
TOKENS = 734
"""Of the tokenizer that stands in for the published one; its last is the end token."""

SHAPES = {
    # name: vision (E, M, layers, heads, patch, side), text (D, M, layers, heads), P, activation,
    # end token, dtype of the weights, edge before the crop
    "ViT-B/32": ((768, 3072, 12, 12, 32, 224), (512, 2048, 12, 8), 512, "quick_gelu", 2, "float32", 224),
    "ViT-B/16, crop of 256": ((768, 3072, 3, 12, 16, 224), (512, 2048, 3, 8), 512, "quick_gelu", 2, "float32", 256),
    "ViT-L/14": ((1024, 4096, 24, 16, 14, 224), (768, 3072, 12, 12), 768, "quick_gelu", 2, "float32", 224),
    "ViT-L/14, 336 pixels": ((1024, 4096, 2, 16, 14, 336), (768, 3072, 2, 12), 768, "quick_gelu", 2, "float16", 336),
    "ViT-H/14, 4 + 4 layers": ((1280, 5120, 4, 16, 14, 224), (1024, 4096, 4, 16), 1024, "gelu", TOKENS - 1, "float16", 224),
    "ViT-H/14, 4 + 4 layers, bf16": ((1280, 5120, 4, 16, 14, 224), (1024, 4096, 4, 16), 1024, "gelu", TOKENS - 1, "bfloat16", 224),
}


def configuration(shape) -> transformers.CLIPConfig:
    (width, inner, layers, heads, patch, side), (depth, text_inner, text_layers, text_heads), projection, act, end, *_ = shape
    return transformers.CLIPConfig(
        projection_dim=projection,
        vision_config=dict(
            hidden_size=width, intermediate_size=inner, num_hidden_layers=layers, num_attention_heads=heads,
            patch_size=patch, image_size=side, hidden_act=act,
        ),
        text_config=dict(
            hidden_size=depth, intermediate_size=text_inner, num_hidden_layers=text_layers,
            num_attention_heads=text_heads, hidden_act=act, eos_token_id=end,
        ),
    )


def fill(model: torch.nn.Module, seed: int) -> None:
    """Weights of about the sizes that trained ones have, norms and biases that matter."""
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            noise = torch.randn(parameter.shape, generator=generator)
            if "norm" in name or "layrnorm" in name:
                parameter.copy_(noise * 0.1 + (1.0 if name.endswith("weight") else 0.0))
            elif "embedding" in name and "patch" not in name:
                parameter.copy_(noise * 0.5)
            elif parameter.dim() >= 2:
                parameter.copy_(noise * (1.5 * parameter[0].numel() ** -0.5))
            else:
                parameter.copy_(noise * 0.1)


def write(folder: Path, shape, tokenizer: Path) -> None:
    edge, side, dtype = shape[-1], shape[0][5], getattr(torch, shape[-2])
    model = transformers.CLIPModel(configuration(shape))
    fill(model, 7)
    folder.mkdir(parents=True)
    tensors = {name: tensor.to(dtype).contiguous() for name, tensor in model.state_dict().items()}
    # Old files carry these; nothing reads them.
    tensors["vision_model.embeddings.position_ids"] = torch.arange(50)[None]
    model.config.save_pretrained(folder)
    safetensors.torch.save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})
    processor = transformers.CLIPImageProcessor(size={"shortest_edge": edge}, crop_size={"height": side, "width": side})
    processor.save_pretrained(folder)
    for file in ("tokenizer.json", "tokenizer_config.json", "special_tokens_map.json"):
        shutil.copy(tokenizer / file, folder / file)


def picture(path: str) -> Image.Image:
    """RGB; what is not RGB over opaque white, as in the released code."""
    image = Image.open(path)
    if image.mode == "RGB":
        return image
    image = image.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", image.size, (255, 255, 255)), image).convert("RGB")


def expected(folder: Path, pictures: list[str]) -> tuple[torch.Tensor, torch.Tensor]:
    model = transformers.CLIPModel.from_pretrained(folder, dtype=torch.float32).eval()
    processor = transformers.CLIPImageProcessor.from_pretrained(folder)
    tokenizer = transformers.PreTrainedTokenizerFast(
        tokenizer_file=str(folder / "tokenizer.json"), pad_token="<|endoftext|>", model_max_length=77
    )
    pixels = processor([picture(path) for path in pictures], return_tensors="pt")["pixel_values"]
    tokens = tokenizer(TEXTS, padding=True, truncation=True, return_tensors="pt")
    with torch.no_grad():
        image = torch.cat([model.get_image_features(row[None]) for row in pixels])
        text = model.get_text_features(tokens["input_ids"], tokens["attention_mask"])
    return tuple(torch.nn.functional.normalize(vectors, dim=-1) for vectors in (image, text))


def embedded(tool: str, folder: Path, kind: str, lines: list[str], precision: str) -> torch.Tensor:
    lines_file, output = folder.parent / f"{kind}.txt", folder.parent / f"{kind}.safetensors"
    lines_file.write_text("".join(line + "\n" for line in lines))
    output.unlink(missing_ok=True)
    command = [tool, "embed", "--model", str(folder), f"--{kind}", str(lines_file), "--output", str(output)]
    command += ["--precision", precision, "--cache", str(folder.parent / "cache"), "--json"]
    subprocess.run(command, check=True, capture_output=True)
    return load_file(output)["embeddings"]


def compared(folder: Path, shape, arguments: argparse.Namespace) -> dict:
    """The largest differences of one shape, by precision."""
    write(folder, shape, arguments.tokenizer)
    image, text = expected(folder, arguments.pictures)
    row = {"nearest_pictures": round(float((image @ image.T).fill_diagonal_(-1).max()), 4)}
    for precision in ("f32", "bf16"):
        got_image = embedded(arguments.tool, folder, "images", arguments.pictures, precision)
        got_text = embedded(arguments.tool, folder, "texts", TEXTS, precision)
        row[precision] = {
            "images": f"{float((got_image - image).abs().max()):.2g}",
            "texts": f"{float((got_text - text).abs().max()):.2g}",
            "1 - cosine": f"{1 - float((got_image * image).sum(-1).min()):.2g}",
        }
    return row


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tool", required=True)
    parser.add_argument("--tokenizer", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--pictures", nargs="+", required=True)
    parser.add_argument("--only", help="part of a shape's name")
    arguments = parser.parse_args()
    versions = {module.__name__: module.__version__ for module in (torch, transformers, PIL, safetensors)}
    print(json.dumps(versions | {"pictures": len(arguments.pictures), "texts": len(TEXTS)}))
    for name, shape in SHAPES.items():
        if arguments.only and arguments.only not in name:
            continue
        with tempfile.TemporaryDirectory(dir=arguments.work) as work:
            row = compared(Path(work) / "clip", shape, arguments)
        print(json.dumps({"shape": name, "weights": shape[-2]} | row), flush=True)


if __name__ == "__main__":
    main()
