"""Fine-tune as Hugging Face's run_glue.py and run_qa.py do when nobody changes their defaults.

    python bench/peers/trainer_defaults.py --task text-classification --model DIR --train FILE --eval FILE --output OUT
    python bench/peers/trainer_defaults.py --task question-answering --model DIR --train FILE --eval FILE --output OUT

The scripts themselves are not on PyPI, and load their metrics from the hub. This is what they come to: transformers'
own Trainer with TrainingArguments as they are (AdamW fused, linear schedule, batches of 8, a checkpoint every 500 steps),
every row padded to --max_seq_length (pad_to_max_length is true in both: 128 tokens, 384 with a stride of 128), rows in
random order, one evaluation at the end. Features and scores are those of finetune.py.

Prints one JSON line: scores in percent, seconds from the start of the interpreter, and those of training alone.
"""

import argparse
import json
import time
from pathlib import Path

BEGAN = time.perf_counter()

import finetune_question_answering as question_answering
import finetune_text_classification as text_classification
import torch
import transformers
from transformers import AutoTokenizer, Trainer, TrainingArguments, default_data_collator, set_seed


def padded(feature: dict, length: int, pad: int) -> dict:
    """A row of the length that all have, as `padding="max_length"` gives it; only what the model takes."""
    ids = feature["input_ids"]
    missing = [0] * (length - len(ids))
    return {
        "input_ids": ids + [pad] * len(missing),
        "token_type_ids": feature["token_type_ids"] + missing,
        "attention_mask": [1] * len(ids) + missing,
        **{name: feature[name] for name in ("labels", "start_positions", "end_positions") if name in feature},
    }


def main() -> None:
    options = parse_arguments()
    torch.set_num_threads(options.threads)
    set_seed(options.seed)
    is_classification = options.task == "text-classification"
    if is_classification:
        train, held_out = (text_classification.read_examples(path, "text", "label") for path in (options.train, options.eval))
    else:
        train, held_out = (question_answering.read_examples(path) for path in (options.train, options.eval))

    tokenizer = AutoTokenizer.from_pretrained(options.model)
    heads = {}
    if is_classification:
        length = 128
        labels = text_classification.label_names(train)
        task = text_classification.TextClassification(tokenizer, labels, length)
        heads = {"num_labels": len(labels)}
    else:
        length = 384
        task = question_answering.QuestionAnswering(tokenizer, length, stride=128)
    model = getattr(transformers, task.model_class).from_pretrained(options.model, dtype=torch.float32, **heads)

    features = task.featurise(held_out)
    rows = [padded(feature, length, tokenizer.pad_token_id) for feature in task.featurise(train)]
    held_out_rows = [padded(feature, length, tokenizer.pad_token_id) for feature in features]
    trainer = Trainer(
        model=model,
        args=TrainingArguments(
            output_dir=str(options.output), num_train_epochs=options.epochs, seed=options.seed, disable_tqdm=True
        ),
        train_dataset=rows,
        data_collator=default_data_collator,
    )
    trained = trainer.train()
    trainer.save_model()
    logits = trainer.predict(held_out_rows).predictions
    if is_classification:
        outputs = [{"logits": torch.from_numpy(row)} for row in logits]
    else:
        pairs = zip(logits[0], logits[1])
        outputs = [{"start_logits": torch.from_numpy(a), "end_logits": torch.from_numpy(b)} for a, b in pairs]
    scores, _ = task.score(outputs, features, held_out)
    seconds = time.perf_counter() - BEGAN
    print(json.dumps({"scores": scores, "seconds": seconds, "train_seconds": trained.metrics["train_runtime"]}))


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Fine-tune as run_glue.py and run_qa.py do by default.")
    parser.add_argument("--task", required=True, choices=["text-classification", "question-answering"])
    parser.add_argument("--model", required=True, type=Path)
    parser.add_argument("--train", required=True, type=Path, help="JSONL of texts and labels; SQuAD JSON")
    parser.add_argument("--eval", required=True, type=Path)
    parser.add_argument("--output", required=True, type=Path)
    parser.add_argument("--epochs", type=float, default=3)
    parser.add_argument("--seed", type=int, default=42)
    parser.add_argument("--threads", type=int, default=2)
    return parser.parse_args()


if __name__ == "__main__":
    main()
