"""sentence-transformers' side of `npm run bench -- similarity`: training steps and encoding, on request.

    python bench/peers/similarity_side.py --model runs/minilm --threads 1

A long-lived process that speaks JSON, a line at a time. First it prints a line about itself. Then it answers each line
read from stdin with one line:

    {"loss": "cosent", "max_length": 64, "learningRate": 2e-5, "weightDecay": 0.01, "maxGradNorm": 1}
                                         begins training anew; or "multiple-negatives-ranking" -> {}
    {"texts": [[a, b], ...], "labels": [...]}   a step: forward, loss, backward, clipping, AdamW (the fused one, which
                                         sentence-transformers' trainer takes) -> {"ms": ..., "loss": ...}
    {"sentences": [...], "batch": 32}    their vectors -> {"ms": the time of SentenceTransformer.encode}
    {"quit": true}                       ends the process, as does the end of stdin

Texts are token ids before the clock of a step starts.
"""

import json
import sys
import time

import sentence_vectors
import side
import torch
from optimization import adamw
from sentence_transformers import SentenceTransformer, __version__
from sentence_transformers.sentence_transformer.losses import CoSENTLoss, MultipleNegativesRankingLoss

LOSSES = {"cosent": CoSENTLoss, "multiple-negatives-ranking": MultipleNegativesRankingLoss}


class Training:
    """A model in training, one step after the other."""

    def __init__(self, folder: str, settings: dict) -> None:
        self.model = SentenceTransformer(folder, device="cpu")
        self.model.max_seq_length = settings["max_length"]
        self.model.train()
        self.loss = LOSSES[settings["loss"]](self.model)
        self.optimizer = adamw(self.model, settings["learningRate"], settings["weightDecay"], fused=True)
        self.max_grad_norm = settings["maxGradNorm"]

    def step(self, texts: list, labels: list) -> dict:
        features = [self.model.preprocess([row[column] for row in texts]) for column in range(2)]
        labels = torch.tensor(labels, dtype=torch.float32)
        began = time.perf_counter()
        loss = self.loss(features, labels)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), self.max_grad_norm)
        self.optimizer.step()
        self.optimizer.zero_grad(set_to_none=True)
        return {"loss": loss.item(), "ms": 1000 * (time.perf_counter() - began)}


def main() -> None:
    options = side.options(__doc__)
    encoder, training = SentenceTransformer(options.model, device="cpu"), None
    print(json.dumps({"sentence_transformers": __version__, "torch": torch.__version__}), flush=True)
    for line in sys.stdin:
        question, reply = json.loads(line), {}
        if "quit" in question:
            return
        if "loss" in question:
            training = Training(options.model, question)
        elif "texts" in question:
            reply = training.step(question["texts"], question["labels"])
        else:
            reply = sentence_vectors.answer(encoder, question)
        print(json.dumps(reply), flush=True)


if __name__ == "__main__":
    main()
