"""PyTorch's side of `npm run bench -- inference`: a text classifier of Transformers, on request.

    python bench/peers/inference.py --model runs/inference/minilm --threads 2

A long-lived process that speaks JSON, a line at a time. First it prints a line about itself. Then it answers each line
read from stdin with one line:

    {"shape": {"batch": 32, "sequence": 128, "runs": 5}}   the model on token ids -> {"ms": the time of one run}
    {"texts": [...], "batch": 32}                          its pipeline on texts -> {"ms": ..., "labels": [...]}
    {"quit": true}                                         ends the process, as does the end of stdin
"""

import json
import sys
import time

import side
import torch
import transformers
from transformers import AutoModelForSequenceClassification, AutoTokenizer, pipeline


def answer(model, tokenizer, question: dict) -> dict:
    if "shape" in question:
        batch, sequence, runs = (question["shape"][key] for key in ("batch", "sequence", "runs"))
        ids = (1000 + (torch.arange(batch * sequence) * 7919) % 29000).reshape(batch, sequence)
        inputs = {"input_ids": ids, "attention_mask": torch.ones_like(ids), "token_type_ids": torch.zeros_like(ids)}
        began = time.perf_counter()
        with torch.inference_mode():
            for _ in range(runs):
                model(**inputs)
        return {"ms": 1000 * (time.perf_counter() - began) / runs}
    classify = pipeline("text-classification", model=model, tokenizer=tokenizer, device="cpu")
    began = time.perf_counter()
    with torch.inference_mode():
        found = classify(question["texts"], batch_size=question["batch"], truncation=True)
    return {"ms": 1000 * (time.perf_counter() - began), "labels": [one["label"] for one in found]}


def main() -> None:
    options = side.options(__doc__)
    tokenizer = AutoTokenizer.from_pretrained(options.model)
    model = AutoModelForSequenceClassification.from_pretrained(options.model).eval()
    print(json.dumps({"version": f"{transformers.__version__} on PyTorch {torch.__version__}"}), flush=True)
    for line in sys.stdin:
        question = json.loads(line)
        if "quit" in question:
            return
        print(json.dumps(answer(model, tokenizer, question)), flush=True)


if __name__ == "__main__":
    main()
