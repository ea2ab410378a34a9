"""Reference tokenisations of 1,000 mixed lines, by Hugging Face's tokenizers in Python.

    python bench/peers/tokenizer_fixtures.py [packages/multihead/fixtures/text] [--models ../shared/data/models]

Writes into the folder:
- `vocab.txt`: a WordPiece vocabulary of 2,000 tokens made of the lines, so that the references need nothing else;
- `lines.json`: the lines, and for each vocabulary (`own`, `bert-base-uncased`) their ids;
- `offsets.json`: for each vocabulary and line the tokens' places, start and end in turn, IN CODE POINTS;
- `settings.json`: ids of the first lines under other settings of the normalizer, and with BERT's Chinese vocabulary;
- `pairs.json`: pairs under each truncation, those that are refused included;
- `windows.json`: overlapping windows (return_overflowing_tokens).

BERT's vocabularies are no part of this project; they are read from the folder --models. The same version writes the same
bytes. It must be tokenizers 0.22: 0.23 loses windows (huggingface/tokenizers issue 2091).

    python3 -m venv ../multihead-tokenizers && ../multihead-tokenizers/bin/pip install tokenizers==0.22.2 transformers==4.57.6
"""

import argparse
import json
import random
import unicodedata
from collections import Counter
from pathlib import Path

import tokenizers
from tokenizers import Tokenizer, normalizers, pre_tokenizers
from transformers import BertTokenizerFast

ROOT = Path(__file__).resolve().parents[2]
SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]

PIECES = [
    # English, with punctuation, numbers and case
    "The quick brown fox", "Don't panic!", "it's 3.14 (approximately)", "e-mail: a.b@c.org", "HTTP/2 & TLS 1.3",
    "Mr. O'Neill's", "U.S.A.", "state-of-the-art", "$1,299.00", "50% off", "\"quoted\"", "a/b\\c", "#hashtag @user",
    "where is my order", "password", "Harbour Street 12", "unbelievably", "antidisestablishmentarianism",
    # Chinese, Japanese, Korean
    "我的订单到哪里了", "请取消订单5502", "你好，世界！", "外套防水吗？", "漢字かな交じり文", "カタカナ", "한국어 문장입니다", "㐀䶵𠀀𪜶",
    # accents, composed and decomposed
    "naïve café", "nai\u0308ve cafe\u0301", "Ångström", "A\u030angstro\u0308m", "Łódź", "İstanbul", "ß straße", "ﬁne ﬂow", "Ǆ",
    # other scripts
    "Привет, мир", "Ελληνικά", "שלום עולם", "مرحبا بالعالم", "สวัสดีชาวโลก", "नमस्ते", "Xin chào",
    # emoji, with joiners, skin tones and flags
    "😀", "👍🏽", "👩‍👩‍👧‍👦", "🏳️‍🌈", "🇩🇪", "❤️", "☕️ coffee", "𝔘𝔫𝔦𝔠𝔬𝔡𝔢",
    # control characters, spaces of all kinds, special tokens as text
    "a\u0000b", "tab\tstop", "bell\u0007", "\u200bzero\u200dwidth", "no\u00a0break", "\u3000wide\u3000", "soft\u00adhyphen",
    "\ufeffmark", "line\u2028separator", "\r\n", "\ufffd", "\U000e0001tag", "[MASK] and [SEP]", "[CLS]", "##ing", "[unused1]",
    # words that are too long, and none at all
    "x" * 101, "y" * 100, "ab" * 80, "", " ", "...", "-" * 30, "１２３ＡＢＣ", "½ ² ①", "™ © ®", "—–‐", "‘’“”„«»", "¿¡",
]  # fmt: skip


# Blocks from which some lines are drawn at random: whatever is assigned there.
BLOCKS = [(0x20, 0x24F), (0x300, 0x5FF), (0x600, 0x6FF), (0x900, 0x97F), (0xE00, 0xE7F), (0x1100, 0x11FF), (0x1E00, 0x206F),
          (0x20A0, 0x2BFF), (0x3000, 0x30FF), (0x4E00, 0x4EFF), (0xAC00, 0xACFF), (0xF900, 0xFAFF), (0xFE00, 0xFFEF),
          (0x1D400, 0x1D7FF), (0x1F300, 0x1F6FF), (0x20000, 0x200FF)]  # fmt: skip


def mixed_lines(count: int) -> list[str]:
    """Every piece alone, then some joined by random separators, then random characters."""
    chosen = random.Random(7)
    lines = list(PIECES)
    while len(lines) < count - 150:
        parts = chosen.choices(PIECES, k=chosen.randint(1, 4))
        lines.append("".join(part + chosen.choice([" ", " ", "", ", ", "  ", "-"]) for part in parts))
    while len(lines) < count:
        lines.append("".join(random_character(chosen) for _ in range(chosen.randint(1, 25))))
    return lines


def random_character(chosen: random.Random) -> str:
    if chosen.random() < 0.2:
        return " "
    character = chr(chosen.randint(*chosen.choice(BLOCKS)))
    return character if unicodedata.category(character) != "Cn" else "a"


def make_vocabulary(lines: list[str], path: Path) -> None:
    """The most frequent pieces of words, of up to eight characters. Rare characters are not among them, so that some
    words are unknown. (The library's own trainer breaks ties by chance.)
    """
    normalizer, words = normalizers.BertNormalizer(), pre_tokenizers.BertPreTokenizer()
    counts = Counter(
        ("##" if start else "") + word[start:end]
        for line in lines
        for word, _ in words.pre_tokenize_str(normalizer.normalize_str(line))
        for start in range(len(word))
        for end in range(start + 1, min(start + 8, len(word)) + 1)
    )
    pieces = sorted(counts, key=lambda piece: (-counts[piece], piece))
    path.write_text("".join(f"{token}\n" for token in [*SPECIAL, *pieces[:1995]]), encoding="utf-8")


def reference(vocabulary: Path, **settings: object) -> Tokenizer:
    """BERT's tokenizer for a vocab.txt, neither cutting nor padding."""
    tokenizer = BertTokenizerFast(str(vocabulary), **settings).backend_tokenizer
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def ids_of(tokenizer: Tokenizer, lines: list[str]) -> list[list[int]]:
    return [encoding.ids for encoding in tokenizer.encode_batch(lines)]


def offsets_of(tokenizer: Tokenizer, lines: list[str]) -> list[list[int]]:
    return [[end for offset in encoding.offsets for end in offset] for encoding in tokenizer.encode_batch(lines)]


def under_settings(own: Path, chinese: Path, lines: list[str]) -> dict:
    """Ids under each set of settings, which bear the names of tokenizer_config.json."""
    variants = [
        {"do_lower_case": False},
        {"do_lower_case": False, "strip_accents": True},
        {"do_lower_case": True, "strip_accents": False},
        {"tokenize_chinese_chars": False},
    ]
    return {
        "lines": len(lines),
        "own": [{"settings": variant, "ids": ids_of(reference(own, **variant), lines)} for variant in variants],
        "bert-base-chinese": ids_of(reference(chinese, do_lower_case=False), lines),
    }


def pairs(tokenizer: Tokenizer, lines: list[str]) -> list[dict]:
    """Pairs cut by each strategy; ids are null where Python refuses, because nothing would remain of the text."""
    chosen = random.Random(8)
    result = []
    for _ in range(150):
        first, second = chosen.choices(lines, k=2)
        strategy = chosen.choice(["longest_first", "only_first", "only_second"])
        length = chosen.randint(4, 30)
        tokenizer.enable_truncation(length, strategy=strategy)
        case = {"pair": [first, second], "truncation": strategy, "maxLength": length}
        try:
            encoding = tokenizer.encode(first, second)
        except Exception:  # tokenizers raises nothing narrower
            result.append({**case, "ids": None})
            continue
        result.append({**case, "ids": encoding.ids, "typeIds": encoding.type_ids})
    tokenizer.no_truncation()
    return result


def windows(tokenizer: Tokenizer, lines: list[str]) -> list[dict]:
    """Questions with long contexts, contexts with questions, and contexts alone, cut with return_overflowing_tokens."""
    chosen = random.Random(9)
    result = []
    for case in range(75):
        question = chosen.choice(["where is my order", "多久到货？", "Who?"])
        context = " ".join(chosen.choices(lines, k=chosen.randint(1, 12)))
        length, stride = chosen.choice([(48, 16), (64, 16), (32, 8), (128, 64), (40, 0)])
        strategy = ["only_second", "only_first", "only_first"][case % 3]
        texts = [[question, context], [context, question], [context]][case % 3]
        tokenizer.enable_truncation(length, stride=stride, strategy=strategy)
        encoding = tokenizer.encode(*texts)
        found = [window.ids for window in [encoding, *encoding.overflowing]]
        case = {"texts": texts, "truncation": strategy, "maxLength": length, "stride": stride}
        result.append({**case, "windows": found})
    tokenizer.no_truncation()
    return result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, nargs="?", default=ROOT / "packages/multihead/fixtures/text")
    parser.add_argument("--models", type=Path, default=ROOT / "../shared/data/models", help="where BERT's vocabularies are")
    options = parser.parse_args()
    if not tokenizers.__version__.startswith("0.22."):
        parser.error(f"tokenizers {tokenizers.__version__} is installed; 0.22.2 is needed, because later ones lose windows")

    def write(name: str, content: object) -> None:
        (options.folder / name).write_text(json.dumps(content, ensure_ascii=True, separators=(",", ":")) + "\n")

    options.folder.mkdir(parents=True, exist_ok=True)
    lines = mixed_lines(1000)
    vocabulary = options.folder / "vocab.txt"
    make_vocabulary(lines, vocabulary)
    own = reference(vocabulary)
    both = {"own": own, "bert-base-uncased": reference(options.models / "bert-base-uncased/vocab.txt")}
    ids = {name: ids_of(tokenizer, lines) for name, tokenizer in both.items()}
    write("lines.json", {"made_with": {"tokenizers": tokenizers.__version__}, "lines": lines, "ids": ids})
    write("offsets.json", {name: offsets_of(tokenizer, lines) for name, tokenizer in both.items()})
    write("settings.json", under_settings(vocabulary, options.models / "bert-base-chinese/vocab.txt", lines[:200]))
    write("pairs.json", pairs(own, lines))
    write("windows.json", windows(own, lines))


if __name__ == "__main__":
    main()
