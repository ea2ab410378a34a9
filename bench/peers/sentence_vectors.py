"""Python's side of `npm run bench -- embedding`: sentence vectors by sentence-transformers, on request.

    python bench/peers/sentence_vectors.py --model runs/minilm --threads 2

A long-lived process that speaks JSON, a line at a time. First it prints a line about itself. Then it answers each line
read from stdin with one line:

    {"sentences": [...], "batch": 32}   their vectors -> {"ms": the time of SentenceTransformer.encode}
    {"vectors": [...]}                  -> {"vectors": [[...], ...]}
    {"quit": true}                      ends the process, as does the end of stdin
"""

import json
import sys
import time

import sentence_transformers
import side
import torch
from sentence_transformers import SentenceTransformer


def answer(model: SentenceTransformer, question: dict) -> dict:
    if "vectors" in question:
        return {"vectors": model.encode(question["vectors"]).tolist()}
    began = time.perf_counter()
    model.encode(question["sentences"], batch_size=question["batch"], show_progress_bar=False)
    return {"ms": 1000 * (time.perf_counter() - began)}


def main() -> None:
    options = side.options(__doc__)
    model = SentenceTransformer(options.model, device="cpu")
    versions = {"sentence_transformers": sentence_transformers.__version__, "torch": torch.__version__}
    print(json.dumps({**versions, "threads": torch.get_num_threads()}), flush=True)
    for line in sys.stdin:
        question = json.loads(line)
        if "quit" in question:
            return
        print(json.dumps(answer(model, question)), flush=True)


if __name__ == "__main__":
    main()
