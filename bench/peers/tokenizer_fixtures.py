"""Reference tokenisations of 1,000 mixed lines, by Hugging Face's tokenizers in Python.

    python bench/peers/tokenizer_fixtures.py [--bert ../shared/data/models/bert-base-uncased]

Writes packages/multihead/fixtures/text/: `lines.json` (the lines, and for each vocabulary the ids), `offsets.json` (offsets
in code points, own vocabulary), `pairs.json` (pairs under each truncation) and `windows.json` (overlapping windows). The
own vocabulary is examples/data/tokenizer/vocab.txt; BERT's is not part of this project and is read by path.

Windows need tokenizers 0.22.2: 0.23 loses some (huggingface/tokenizers issue 2091).
"""

import argparse
import json
import random
from pathlib import Path

import tokenizers
from tokenizers import Tokenizer
from transformers import BertTokenizerFast

ROOT = Path(__file__).resolve().parents[2]
TARGET = ROOT / "packages/multihead/fixtures/text"
OWN = ROOT / "examples/data/tokenizer/vocab.txt"

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


def mixed_lines(count: int) -> list[str]:
    """Every piece alone, then random ones joined by random separators."""
    chosen = random.Random(7)
    lines = list(PIECES)
    while len(lines) < count:
        parts = chosen.choices(PIECES, k=chosen.randint(2, 6))
        lines.append("".join(part + chosen.choice([" ", " ", "", ", ", "  ", "-"]) for part in parts))
    return lines


def reference(vocabulary: Path) -> Tokenizer:
    """BERT's uncased tokenizer for a vocab.txt, neither cutting nor padding."""
    tokenizer = BertTokenizerFast(str(vocabulary), do_lower_case=True).backend_tokenizer
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def pairs(tokenizer: Tokenizer, lines: list[str]) -> list[dict]:
    """Pairs cut by each strategy; those that Python refuses are left out."""
    chosen = random.Random(8)
    result = []
    for _ in range(150):
        first, second = chosen.choices(lines, k=2)
        strategy = chosen.choice(["longest_first", "only_first", "only_second"])
        length = chosen.randint(6, 40)
        tokenizer.enable_truncation(length, strategy=strategy)
        try:
            encoding = tokenizer.encode(first, second)
        except Exception:  # the text to be cut is too short
            continue
        result.append(
            {"pair": [first, second], "truncation": strategy, "maxLength": length, "ids": encoding.ids, "typeIds": encoding.type_ids}
        )
    tokenizer.no_truncation()
    return result


def windows(tokenizer: Tokenizer, lines: list[str]) -> list[dict]:
    """Questions over long contexts, cut into windows with return_overflowing_tokens."""
    chosen = random.Random(9)
    result = []
    for _ in range(60):
        question = chosen.choice(["where is my order", "多久到货？", "Who?"])
        context = " ".join(chosen.choices(lines, k=chosen.randint(1, 12)))
        length, stride = chosen.choice([(48, 16), (64, 16), (32, 8), (128, 64), (40, 0)])
        tokenizer.enable_truncation(length, stride=stride, strategy="only_second")
        encoding = tokenizer.encode(question, context)
        every = [encoding, *encoding.overflowing]
        result.append({"pair": [question, context], "maxLength": length, "stride": stride, "windows": [e.ids for e in every]})
    tokenizer.no_truncation()
    return result


def write(name: str, content: object) -> None:
    TARGET.mkdir(parents=True, exist_ok=True)
    (TARGET / name).write_text(json.dumps(content, ensure_ascii=True, separators=(",", ":")) + "\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bert", type=Path, default=ROOT / "../shared/data/models/bert-base-uncased")
    options = parser.parse_args()
    lines = mixed_lines(1000)
    own, bert = reference(OWN), reference(options.bert / "vocab.txt")
    ids = {name: [e.ids for e in t.encode_batch(lines)] for name, t in (("own", own), ("bert-base-uncased", bert))}
    write("lines.json", {"made_with": {"tokenizers": tokenizers.__version__}, "lines": lines, "ids": ids})
    write("offsets.json", [e.offsets for e in own.encode_batch(lines)])
    write("pairs.json", pairs(own, lines))
    if not tokenizers.__version__.startswith("0.22."):
        print(f"tokenizers {tokenizers.__version__} loses windows: windows.json is written with 0.22.2 only")
        return
    write("windows.json", windows(own, lines))


if __name__ == "__main__":
    main()
