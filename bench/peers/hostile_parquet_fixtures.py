"""Two Parquet files that ask for more than they are worth: one has no end, one swells to a thousand times its size and more.

Usage: python bench/peers/hostile_parquet_fixtures.py
"""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

FOLDER = Path(__file__).parents[2] / "packages/multihead/fixtures/data/hostile"
FOLDER.mkdir(parents=True, exist_ok=True)

# Words by their places in a dictionary: 3 bits a place, then one packed run (odd header) of 8 times 8 of them. With 0 bits
# and a header of five bytes, -1, the run is -8 places long: who counts it down to 0 takes no memory, and never ends.
words = pa.array(["one", "two", "three", "four", "five"] * 12 + ["one", "two", "three", "four"])
table = pa.table([words], schema=pa.schema([pa.field("text", pa.string(), nullable=False)]))
path = FOLDER / "endless.parquet"
pq.write_table(table, path, compression="none", data_page_version="2.0")
content = path.read_bytes()
run = content.find(bytes([3, 8 << 1 | 1]))
assert run > 0 and content.find(bytes([3, 8 << 1 | 1]), run + 1) < 0
path.write_bytes(content[:run] + b"\x00\xff\xff\xff\xff\x0f" + content[run + 6 :])

# A single value: zeros, which pack well.
zeros = pa.table({"text": pa.array([bytes(800_000_000)])})
pq.write_table(zeros, FOLDER / "swelling.parquet", compression="zstd", use_dictionary=False, write_statistics=False)
