"""The Python side of `npm run bench -- reading`: one measurement a process, so that its memory is its own.

Usage: python bench/peers/reading.py csv FILE | arrow FILE | tokenize FILE TOKENIZER

csv       the library `datasets`, streaming: each row once
arrow     the same, not streaming: turned into Arrow files on the disk, then each row once
tokenize  the library `tokenizers`: the ids of each line, at most 128, a thousand lines at a time
"""

import json
import resource
import sys
import tempfile
import time
from pathlib import Path

what, path = sys.argv[1:3]
found = {}
if what == "tokenize":
    from tokenizers import Tokenizer

    lines = Path(path).read_text(encoding="utf-8").rstrip("\n").split("\n")
    tokenizer = Tokenizer.from_file(str(Path(sys.argv[3]) / "tokenizer.json"))
    tokenizer.enable_truncation(128)
    tokenizer.no_padding()
    began = time.perf_counter()
    tokens = 0
    for at in range(0, len(lines), 1000):
        for encoding in tokenizer.encode_batch(lines[at : at + 1000]):
            tokens += len(encoding.ids)
    found = {"tokenizing": time.perf_counter() - began, "rows": len(lines), "tokens": tokens}
else:
    from datasets import disable_progress_bars, load_dataset

    disable_progress_bars()
    with tempfile.TemporaryDirectory() as cache:
        began = time.perf_counter()
        data = load_dataset("csv", data_files=path, split="train", streaming=what == "csv", cache_dir=cache)
        opened = time.perf_counter()
        rows = sum(1 for _ in data)
        found = {"opening": opened - began, "reading": time.perf_counter() - opened, "rows": rows}
found["megabytes"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps(found))
