"""Write the reference fixtures of the pipelines feature-extraction and fill-mask.

    python bench/peers/feature_fixtures.py [--output packages/multihead/fixtures]

    sentence/model/             a small random BERT as sentence-transformers saves one: mean pooling, Normalize, at most 12
                                tokens, a cased tokenizer with do_lower_case in sentence_bert_config.json
    sentence/expected.json      texts, and their vectors by sentence-transformers:
        default                     as the folder says
        mean, cls, pooler           unnormalized, by each pooling (the pooler by Hugging Face Transformers)
        tokens                      unnormalized, one a token
        cls_normalized              of the folder with `"pooling_mode": "cls"`; max_normalized, lasttoken_normalized likewise
        prompt                      of the folder with a default prompt
        npy                         default, as numpy saves it: vectors.npy beside the file
    fill-mask/vocab.txt         64 tokens for the model of bert/mlm
    fill-mask/expected.json     what Hugging Face's pipeline says of texts, with and without targets

The texts differ in length, so that every batch has padding; the third is cut, the last is empty.
"""

import argparse
import json
import shutil
import tempfile
from pathlib import Path

import numpy
import torch
import transformers
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import Normalize, Pooling, Transformer
from transformers import BertConfig, BertModel, BertTokenizerFast, pipeline

SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
WORDS = "the a is was in of good bad film book city river great small very paris 天 地 . , ?".split()
PIECES = "##s ##ing ##ly ##er ##é ##o".split()
TEXTS = [
    "The film is good.",
    "A very small city in the river, was it?",
    "the book is good the book is bad the book is very very good , the film was great",
    "天地",
    "Filming goodly BOOKS",
    "",
]
MASKED = [
    "The [MASK] is good.",
    "the [MASK] of [MASK] was great, very great",
    "[MASK]",
    "天 [MASK] filming",
]
TARGETS = ["Paris", "##s", "river", "paris"]


def vocabulary(size: int) -> list[str]:
    """`size` tokens: special ones, words, pieces, and unused ones as BERT's own vocabulary has them."""
    tokens = SPECIAL + WORDS + PIECES
    return tokens + [f"[unused{i}]" for i in range(size - len(tokens))]


def write_vocabulary(path: Path, size: int) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(f"{token}\n" for token in vocabulary(size)), encoding="utf-8")
    return path


def save_model(folder: Path) -> None:
    """The model, by way of the classes of sentence-transformers."""
    torch.manual_seed(31)
    config = BertConfig(
        vocab_size=40,
        hidden_size=16,
        num_hidden_layers=2,
        num_attention_heads=4,
        intermediate_size=24,
        max_position_embeddings=20,
        initializer_range=0.3,
    )
    with tempfile.TemporaryDirectory() as made:
        vocabulary_file = write_vocabulary(Path(made) / "vocab.txt", config.vocab_size)
        BertModel(config).eval().save_pretrained(made)
        BertTokenizerFast(vocab=str(vocabulary_file), do_lower_case=False).save_pretrained(made)
        transformer = Transformer(made, max_seq_length=12, do_lower_case=True)
        modules = [transformer, Pooling(config.hidden_size, pooling_mode="mean"), Normalize()]
        SentenceTransformer(modules=modules, device="cpu").save_pretrained(str(folder), create_model_card=False)
    # Transformer changed the tokenizer by these settings, and wrote it so; the folder is to hold it as it was made, since
    # many models have only the settings.
    rewrite(folder / "sentence_bert_config.json", max_seq_length=12, do_lower_case=True)
    rewrite(folder / "tokenizer_config.json", model_max_length=512)
    [made] = [part for part in read(folder / "tokenizer.json")["normalizer"]["normalizers"] if part["type"] != "Lowercase"]
    rewrite(folder / "tokenizer.json", normalizer=made)


def read(path: Path) -> dict:
    return json.loads(path.read_text(encoding="utf-8"))


def rewrite(path: Path, **settings) -> None:
    """Changes some settings of a JSON file."""
    path.write_text(json.dumps({**read(path), **settings}, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def rounded(vectors) -> list:
    """Nine significant digits tell float32 numbers apart."""
    if isinstance(vectors, (list, tuple)):
        return [rounded(vector) for vector in vectors]
    array = numpy.asarray(vectors)
    return [float(f"{x:.9g}") for x in array] if array.ndim == 1 else [rounded(row) for row in array]


def changed(folder: Path, name: str, **settings) -> SentenceTransformer:
    """The model with other settings in one of its files."""
    with tempfile.TemporaryDirectory() as copy:
        shutil.copytree(folder, copy, dirs_exist_ok=True)
        rewrite(Path(copy) / name, **settings)
        return SentenceTransformer(copy, device="cpu")


def sentence_expectations(folder: Path) -> dict:
    model = SentenceTransformer(str(folder), device="cpu")
    batch = model.preprocess(TEXTS)
    with torch.no_grad():
        outputs = model[0].auto_model(**{name: batch[name] for name in ("input_ids", "attention_mask")})
    hidden, mask = outputs.last_hidden_state, batch["attention_mask"].unsqueeze(2)
    with_prompt = {"prompts": {"film": "the film : "}, "default_prompt_name": "film"}
    vectors = {
        "default": model.encode(TEXTS),
        "mean": (hidden * mask).sum(1) / mask.sum(1),
        "cls": hidden[:, 0],
        "pooler": outputs.pooler_output,
        "tokens": list(model.encode(TEXTS, output_value="token_embeddings")),
        **{
            f"{mode}_normalized": changed(folder, "1_Pooling/config.json", pooling_mode=mode).encode(TEXTS)
            for mode in ("cls", "max", "lasttoken")
        },
        "prompt": changed(folder, "config_sentence_transformers.json", **with_prompt).encode(TEXTS),
    }
    numpy.save(folder.parent / "vectors.npy", vectors["default"])
    return {"texts": TEXTS, "prompt_settings": with_prompt, **{name: rounded(v) for name, v in vectors.items()}}


def fill_mask_expectations(vocabulary_file: Path, model: Path) -> dict:
    tokenizer = BertTokenizerFast(vocab=str(vocabulary_file))
    fill = pipeline("fill-mask", model=str(model), tokenizer=tokenizer, device="cpu")
    return {
        "texts": MASKED,
        "targets": TARGETS,
        "all": [fill(text, top_k=4) for text in MASKED],
        "among_targets": [fill(text, targets=TARGETS) for text in MASKED],
    }


def write_json(path: Path, content: dict) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"{path}  {path.stat().st_size} bytes")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--output", type=Path, default=Path("packages/multihead/fixtures"))
    output = parser.parse_args().output
    transformers.logging.set_verbosity_error()
    torch.set_num_threads(1)
    shutil.rmtree(output / "sentence", ignore_errors=True)
    save_model(output / "sentence" / "model")
    write_json(output / "sentence" / "expected.json", sentence_expectations(output / "sentence" / "model"))
    vocabulary_file = write_vocabulary(output / "fill-mask" / "vocab.txt", 64)
    write_json(output / "fill-mask" / "expected.json", fill_mask_expectations(vocabulary_file, output / "bert" / "mlm"))
