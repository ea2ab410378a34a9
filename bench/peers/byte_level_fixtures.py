"""Write packages/multihead/fixtures/text/byte-level.json: pairs of texts as RoBERTa's tokenizer makes them.

    python bench/peers/byte_level_fixtures.py

Beside a small byte-level tokenizer.json, whose folder says only that the model is a RoBERTa: ids, offsets and the text of each
token of windows with stride, with the answer's tokens as run_qa's prepare_train_features finds them; pairs cut for a classifier;
texts with a mask. Offsets count code points; the texts here have none beyond UTF-16's first plane.
"""

import json
import tempfile
from pathlib import Path

from tokenizers import ByteLevelBPETokenizer
from transformers import AutoTokenizer, PreTrainedTokenizerBase

SPECIAL = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]
CORPUS = [
    "the film was very good and the book was better",
    "who wrote the book about the old river in the north?",
    "Anna wrote a book about the river; the river is long, and the book is short.",
] * 4
CONTEXT = "Anna wrote the book about the river in the north.\nIt is a long river, and the café there is old — very old."
QUESTIONS = [
    (" who wrote the book?", CONTEXT, "Anna"),
    ("where is the river", CONTEXT, "in the north"),
    ("what is old?", CONTEXT, "the café there"),
    ("how old?", CONTEXT, "very old"),
    ("is a part of a token an answer?", CONTEXT, "iver, and th"),
]
WINDOWS = [(96, 24), (52, 12), (44, 6)]


def make_tokenizer(folder: Path) -> PreTrainedTokenizerBase:
    trained = ByteLevelBPETokenizer()
    trained.train_from_iterator(CORPUS, vocab_size=320, min_frequency=2, special_tokens=SPECIAL)
    trained.save(str(folder / "tokenizer.json"))
    (folder / "config.json").write_text(json.dumps({"model_type": "roberta"}))
    return AutoTokenizer.from_pretrained(folder)


def target(encoding, window: int, start: int, end: int, cls: int) -> list[int]:
    """run_qa's rule, of a window's tokens."""
    offsets, sequence = encoding["offset_mapping"][window], encoding.sequence_ids(window)
    first = sequence.index(1)
    last = len(sequence) - 1 - sequence[::-1].index(1)
    if offsets[first][0] > start or offsets[last][1] < end:
        return [cls, cls]
    while first < len(offsets) and offsets[first][0] <= start:
        first += 1
    while offsets[last][1] >= end:
        last -= 1
    return [first - 1, last + 1]


def windows(tokenizer: PreTrainedTokenizerBase, max_length: int, stride: int) -> list[dict]:
    cases = []
    for question, context, answer in QUESTIONS:
        encoding = tokenizer(
            question.lstrip(), context, truncation="only_second", max_length=max_length, stride=stride,
            return_overflowing_tokens=True, return_offsets_mapping=True,
        )  # fmt: skip
        start = context.index(answer)
        cases.append({
            "question": question, "context": context, "answer": answer, "max_length": max_length, "stride": stride,
            "windows": [
                {
                    "ids": ids,
                    "offsets": [list(offset) if encoding.sequence_ids(i)[at] == 1 else None for at, offset in enumerate(encoding["offset_mapping"][i])],
                    "target": target(encoding, i, start, start + len(answer), ids.index(tokenizer.cls_token_id)),
                }
                for i, ids in enumerate(encoding["input_ids"])
            ],
        })  # fmt: skip
    return cases


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        tokenizer = make_tokenizer(folder)
        pairs = [(question, context) for question, context, _ in QUESTIONS]
        masked = ["the <mask> was very good", "<mask> wrote the book", "the river<mask>"]
        out = {
            "tokenizer.json": json.loads((folder / "tokenizer.json").read_text()),
            "special": {kind: tokenizer.convert_tokens_to_ids(getattr(tokenizer, f"{kind}_token")) for kind in ["cls", "sep", "pad", "mask"]},
            "windows": [case for size in WINDOWS for case in windows(tokenizer, *size)],
            "pairs": [
                {"pair": pair, "max_length": length, "ids": tokenizer(*pair, truncation=True, max_length=length)["input_ids"]}
                for pair in pairs
                for length in (24, 512)
            ],
            "masked": [{"text": text, "ids": tokenizer(text)["input_ids"]} for text in masked],
        }  # fmt: skip
    path = Path(__file__).parents[2] / "packages/multihead/fixtures/text/byte-level.json"
    path.write_text(json.dumps(out, ensure_ascii=False) + "\n")
    print(f"{path.name}: {len(out['windows'])} questions, {path.stat().st_size} bytes")


if __name__ == "__main__":
    main()
