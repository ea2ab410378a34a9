"""Writes packages/multihead/fixtures/data/corpus/: one corpus as Parquet in several codings and as JSON Lines.

    python bench/peers/corpus_fixtures.py        (in the root of the repository; needs pyarrow)

texts.json holds the texts of all files, in order; null where a row has none.
"""

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

FOLDER = Path("packages/multihead/fixtures/data/corpus")
TEXTS = [
    "The first text.",
    "Zwei Sätze. Und noch einer – mit Gedankenstrich.",
    "一个关于天气的句子。",
    "An emoji 😀, a tab\tand\na second line.",
    "",
    None,
    "The first text.",
    "Quotes \" and \\ and \u2028 inside.",
] + [f"Text number {i} of many, which differ little." for i in range(40)]


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    table = pa.table({"id": pa.array(range(len(TEXTS)), pa.int64()), "text": pa.array(TEXTS, pa.string())})
    # Three row groups; snappy is what pandas and the hub write.
    for name, codec, dictionary in [("snappy", "snappy", True), ("zstd", "zstd", False), ("gzip", "gzip", True)]:
        path = FOLDER / f"{name}.parquet"
        pq.write_table(table, path, compression=codec, use_dictionary=dictionary, row_group_size=20)
    large = pa.table({"body": pa.array(TEXTS, pa.large_string())})
    pq.write_table(large, FOLDER / "body.parquet", compression="none", data_page_version="2.0")
    rows = [json.dumps({"id": i, "text": text}, ensure_ascii=i % 2 == 0) for i, text in enumerate(TEXTS)]
    (FOLDER / "rows.jsonl").write_text("\n".join(rows), encoding="utf-8")
    (FOLDER / "texts.json").write_text(json.dumps(TEXTS, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
