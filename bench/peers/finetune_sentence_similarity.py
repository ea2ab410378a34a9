"""Fine-tune a bi-encoder with sentence-transformers on PyTorch: the rival that Multihead's scores are set beside.

    python bench/peers/finetune_sentence_similarity.py --model DIR --train train.jsonl --eval dev.jsonl --output OUT

A plain PyTorch loop around sentence-transformers' model, loss and evaluator, with the settings of its trainer: AdamW
without decay on biases and LayerNorms, linear schedule with warmup, clipping by the global norm, dropout as config.json
has it. Examples are lines of JSON with sentence1, sentence2 and score; the loss is CoSENT, as Multihead's for scores.
Flags are those of finetune.py; --batches gives the examples of each step, so that both sides see the same.

Prints JSON lines: one about the run, one for each epoch, and a last one with "summary": Pearson and Spearman of the
cosines, in percent.
"""

import argparse
import json
import resource
import time
from pathlib import Path

import sentence_transformers
import torch
import transformers
from finetune import Trainer, planned_batches, say
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.evaluation import EmbeddingSimilarityEvaluator
from sentence_transformers.sentence_transformer.losses import CoSENTLoss


def read(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def score(model: SentenceTransformer, examples: list[dict], batch_size: int) -> dict:
    model.eval()
    columns = [[example[name] for example in examples] for name in ("sentence1", "sentence2", "score")]
    evaluator = EmbeddingSimilarityEvaluator(*columns, batch_size=batch_size, write_csv=False)
    found = evaluator(model)
    return {name: 100 * float(found[name]) for name in ("pearson_cosine", "spearman_cosine")}


class Loop(Trainer):
    """The loop of finetune.py, with a loss of sentence-transformers."""

    def __init__(self, model: SentenceTransformer, steps: int, options: argparse.Namespace) -> None:
        super().__init__(model, steps, options)
        self.loss = CoSENTLoss(model)

    def epoch(self, batches) -> list[float]:
        self.model.train()
        losses = []
        for examples in batches:
            features = [self.model.preprocess([e[name] for e in examples]) for name in ("sentence1", "sentence2")]
            labels = torch.tensor([float(example["score"]) for example in examples])
            losses.append(self.step(self.loss(features, labels)))
        return losses


def main() -> None:
    options = parse_arguments()
    torch.set_num_threads(options.threads)
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    torch.manual_seed(options.seed)
    began = time.perf_counter()
    train, held_out = read(options.train), read(options.eval)
    # The embedded models are stored in float16; both sides train in float32.
    model = SentenceTransformer(str(options.model), device="cpu", model_kwargs={"dtype": torch.float32})
    model.max_seq_length = options.max_length
    plan = planned_batches(options, len(train))
    steps = sum(len(epoch) for epoch in plan)
    loop = Loop(model, steps, options)
    say(sentence_transformers=sentence_transformers.__version__, torch=torch.__version__, steps=steps)
    scores, train_seconds = {}, 0.0
    for number, epoch in enumerate(plan, start=1):
        started = time.perf_counter()
        losses = loop.epoch([train[index] for index in step] for step in epoch)
        seconds = time.perf_counter() - started
        train_seconds += seconds
        if options.evaluate == "epoch" or number == len(plan):
            scores = score(model, held_out, options.eval_batch_size)
        say(epoch=number, loss=sum(losses) / len(losses), first_loss=losses[0], eval=scores, train_seconds=seconds)
    if options.output:
        model.save_pretrained(str(options.output), create_model_card=False)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    say(summary=scores, train_seconds=train_seconds, seconds=time.perf_counter() - began, peak_rss_mb=peak)


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", required=True, type=Path)
    parser.add_argument("--train", required=True, type=Path)
    parser.add_argument("--eval", required=True, type=Path)
    parser.add_argument("--output", type=Path)
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--batch-size", type=int, default=8)
    parser.add_argument("--eval-batch-size", type=int, default=32)
    parser.add_argument("--learning-rate", type=float, default=5e-5)
    parser.add_argument("--warmup-ratio", type=float, default=0.0)
    parser.add_argument("--weight-decay", type=float, default=0.0)
    parser.add_argument("--max-grad-norm", type=float, default=1.0, help="0 for no limit")
    parser.add_argument("--max-length", type=int, default=128)
    parser.add_argument("--seed", type=int, default=42)
    parser.add_argument("--evaluate", choices=["epoch", "end"], default="epoch")
    parser.add_argument("--batches", type=Path, help="JSONL with the examples of each step")
    parser.add_argument("--threads", type=int, default=2)
    return parser.parse_args()


if __name__ == "__main__":
    main()
