"""Parquet files as the library `datasets` writes them: classes by number, their names in the metadata.

Usage: python bench/peers/table_fixtures.py
"""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from datasets import ClassLabel, Dataset, Features, List, Value

FOLDER = Path(__file__).parents[2] / "packages/multihead/fixtures/data/tables"

SENTIMENT = ClassLabel(names=["positive", "negative", "neutral"])
TOPICS = ClassLabel(names=["sport", "film", "food"])

FOLDER.mkdir(parents=True, exist_ok=True)
Dataset.from_dict(
    {"idx": [0, 1, 2, 3], "sentence": ["fine", "dull", "so-so", "no label"], "label": [0, 1, 2, -1]},
    Features({"idx": Value("int32"), "sentence": Value("string"), "label": SENTIMENT}),
).to_parquet(FOLDER / "classes.parquet")
Dataset.from_dict(
    {"text": ["a goal", "a film about food", "none"], "labels": [[0], [1, 2], []]},
    Features({"text": Value("string"), "labels": List(TOPICS)}),
).to_parquet(FOLDER / "topics.parquet")
Dataset.from_dict(
    {
        "id": ["a", "b", "c"],
        "title": ["Norway", "Norway", "Peru"],
        "question": ["Where is 😀 Oslo?", "Who?", "What?"],
        "context": ["😀 Oslo lies in Norway.", "Nobody knows.", "Lima is a city."],
        "answers": [
            {"text": ["Norway", "in Norway"], "answer_start": [15, 12]},
            {"text": [], "answer_start": []},
            {"text": ["a city"], "answer_start": [8]},
        ],
    },
    Features(
        {
            "id": Value("string"),
            "title": Value("string"),
            "question": Value("string"),
            "context": Value("string"),
            "answers": {"text": List(Value("string")), "answer_start": List(Value("int32"))},
        }
    ),
).to_parquet(FOLDER / "squad.parquet")
# Written by no `datasets`: scores, in row groups of two.
table = pa.table({"text": ["a", "b", "c", "", "e"], "score": [0.5, 1.0, 2.25, 3.0, None]})
pq.write_table(table, FOLDER / "scores.parquet", row_group_size=2)
# As pandas writes a column of classes in which some are missing: doubles, and NaN, which is no null.
missing = pa.array([1.0, float("nan"), 0.0, 1.0], from_pandas=False)
pq.write_table(pa.table({"text": ["a", "b", "c", "d"], "label": missing}), FOLDER / "nan-labels.parquet")
booleans = pa.table({"text": ["a", "b", "c"], "label": [True, None, False]})
pq.write_table(booleans, FOLDER / "boolean-labels.parquet")
# A column of nulls, packed with LZ4: its dictionary is a page of nothing.
table = pa.table(
    {
        "id": ["1", "2"],
        "title": pa.array([None, None], pa.string()),
        "context": ["Anna wrote it in May."] * 2,
        "question": ["Who?", "When?"],
        "answers": [{"text": ["Anna"], "answer_start": [0]}, {"text": ["May"], "answer_start": [17]}],
    }
)
pq.write_table(table, FOLDER / "nulls-lz4.parquet", compression="lz4")
