"""Vocabularies trained by Hugging Face's tokenizers in Python, and what they make of mixed lines.

    python bench/peers/tokenizer_training_fixtures.py [packages/multihead/fixtures/text]

Trains on the 1,000 lines of `lines.json` (tokenizer_fixtures.py makes them) and writes `training.json`:
- `wordpiece`: for each set of settings the tokens in the order of their numbers;
- `bpe`: the tokens and the merges;
- `ids`: for some of the lines, ids by the first WordPiece vocabulary, by the BPE, and by a tokenizer of characters.

Where pairs are equally frequent, WordPieceTrainer decides by the numbers of their tokens, and it numbers the characters
that continue a word (##e) in the order in which a hash map gives them: another one in each run. Here those characters are
handed in as special tokens, in the order of their code points, so that there is one right answer.

Made with tokenizers 0.23.3. The same version writes the same bytes.
"""

import argparse
import json
from collections import Counter
from pathlib import Path

from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers

ROOT = Path(__file__).resolve().parents[2]
SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
END_OF_TEXT = "<|endoftext|>"


def bert(vocabulary: dict[str, int], **normalizer: object) -> Tokenizer:
    """BERT's tokenizer without special tokens around a text."""
    tokenizer = Tokenizer(models.WordPiece(vocabulary, unk_token="[UNK]", max_input_chars_per_word=100))
    tokenizer.normalizer = normalizers.BertNormalizer(**normalizer)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    return tokenizer


def in_order(vocabulary: dict[str, int]) -> list[str]:
    return sorted(vocabulary, key=vocabulary.__getitem__)


def word_piece(lines: list[str], size: int, frequency: int, limit: int, **normalizer: object) -> dict:
    """Tokens that WordPieceTrainer finds, its characters numbered by code point, and the limit that was taken."""
    tokenizer = bert({"[UNK]": 0}, **normalizer)
    words = Counter(
        word
        for line in lines
        for word, _ in tokenizer.pre_tokenizer.pre_tokenize_str(tokenizer.normalizer.normalize_str(line))
    )
    characters = Counter()
    for word, count in words.items():
        for character in word:
            characters[character] += count
    ranked = sorted(characters, key=lambda character: -characters[character])
    # A limit between two equally frequent characters would leave it to chance which one is kept.
    while limit < len(ranked) and characters[ranked[limit - 1]] == characters[ranked[limit]]:
        limit -= 1
    alphabet = sorted(ranked[:limit])
    inside = {character for word in words for character in word[1:]}
    continuing = [f"##{character}" for character in alphabet if character in inside]
    trainer = trainers.WordPieceTrainer(
        vocab_size=size,
        min_frequency=frequency,
        limit_alphabet=limit,
        special_tokens=[*SPECIAL, *alphabet, *continuing],
        show_progress=False,
    )
    tokenizer.train_from_iterator(lines, trainer)
    return {"limit": limit, "tokens": in_order(tokenizer.get_vocab())}


def byte_level(lines: list[str], size: int, frequency: int) -> Tokenizer:
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=size,
        min_frequency=frequency,
        special_tokens=[END_OF_TEXT],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(lines, trainer)
    return tokenizer


def characters(lines: list[str]) -> Tokenizer:
    """A token a character, in the order of code points, behind [UNK] and <|endoftext|>."""
    tokens = ["[UNK]", END_OF_TEXT, *sorted({character for line in lines for character in line})]
    tokenizer = Tokenizer(models.WordLevel({token: id for id, token in enumerate(tokens)}, unk_token="[UNK]"))
    tokenizer.add_special_tokens(["[UNK]", END_OF_TEXT])
    tokenizer.pre_tokenizer = pre_tokenizers.Split(Regex(r"[\s\S]"), "isolated")
    tokenizer.decoder = decoders.Fuse()
    return tokenizer


def ids_of(tokenizer: Tokenizer, lines: list[str]) -> list[list[int]]:
    return [encoding.ids for encoding in tokenizer.encode_batch(lines, add_special_tokens=False)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path, default=ROOT / "packages/multihead/fixtures/text")
    folder = parser.parse_args().folder
    lines = json.loads((folder / "lines.json").read_text(encoding="utf-8"))["lines"]

    cases = [
        {"vocabSize": 1950, "minFrequency": 2, "limitAlphabet": 5000},
        {"vocabSize": 1000, "minFrequency": 5, "limitAlphabet": 400},
        {"vocabSize": 2600, "minFrequency": 30, "limitAlphabet": 5000, "lowercase": False},
        {"vocabSize": 2600, "minFrequency": 30, "limitAlphabet": 300, "stripAccents": False},
        {"vocabSize": 2600, "minFrequency": 30, "limitAlphabet": 5000, "tokenizeChineseChars": False},
    ]
    names = {"lowercase": "lowercase", "stripAccents": "strip_accents", "tokenizeChineseChars": "handle_chinese_chars"}
    word_pieces = []
    for case in cases:
        normalizer = {names[name]: value for name, value in case.items() if name in names}
        found = word_piece(lines, case["vocabSize"], case["minFrequency"], case["limitAlphabet"], **normalizer)
        word_pieces.append({"settings": {**case, "limitAlphabet": found["limit"]}, "tokens": found["tokens"]})

    bpe = byte_level(lines, 1200, 2)
    model = json.loads(bpe.to_str())["model"]
    some = lines[:150]
    first = bert({token: id for id, token in enumerate(word_pieces[0]["tokens"])})
    first.add_special_tokens(SPECIAL)
    content = {
        "wordpiece": word_pieces,
        "bpe": {"vocabSize": 1200, "tokens": in_order(model["vocab"]), "merges": model["merges"]},
        "ids": {"wordpiece": ids_of(first, some), "bpe": ids_of(bpe, some), "char": ids_of(characters(lines), some)},
    }
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    (folder / "training.json").write_text(f"{text}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
