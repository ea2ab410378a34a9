"""What generate() of Hugging Face Transformers makes of a small causal model, for causal_fixtures.py.

    <case>/generation.json
        eos_token_id, pad_token_id   the end token is one that the model does say now and then (set in config.json too)
        batches[]
            prompts                  token lists of different lengths; Python pads them on the left
            runs[]
                options              of generate(), as given; do_sample is false
                sequences            what was generated for each prompt (for each returned sequence, a prompt's one after
                                     the other), without prompt and padding, with the end token where it was reached
                scores               (beam search) the sequences' scores, as `sequences_scores` has them
"""

import torch
from torch import Tensor
from transformers import PreTrainedModel

PAD = 0
FIRST_WORD = 3
LENGTH = 20
RUNS = [
    {"max_new_tokens": LENGTH},
    {"max_new_tokens": LENGTH, "repetition_penalty": 1.3},
    {"max_new_tokens": LENGTH, "no_repeat_ngram_size": 2},
    {"max_new_tokens": LENGTH, "min_new_tokens": 12},
    {"max_new_tokens": LENGTH, "num_beams": 4, "length_penalty": 1.0, "early_stopping": False},
    {"max_new_tokens": LENGTH, "num_beams": 4, "length_penalty": 2.0, "early_stopping": False},
    {"max_new_tokens": LENGTH, "num_beams": 4, "length_penalty": -1.0, "early_stopping": False},
    {"max_new_tokens": LENGTH, "num_beams": 4, "early_stopping": True},
    {"max_new_tokens": LENGTH, "num_beams": 4, "length_penalty": 2.0, "early_stopping": "never"},
    {"max_new_tokens": LENGTH, "num_beams": 4, "num_return_sequences": 3},
    {"max_new_tokens": LENGTH, "num_beams": 3, "no_repeat_ngram_size": 2, "repetition_penalty": 1.2},
]


def write_generation(model: PreTrainedModel, generator: torch.Generator) -> dict:
    """The contents of generation.json. Sets the model's end token."""

    def draw(length: int) -> list[int]:
        return torch.randint(FIRST_WORD, model.config.vocab_size, (length,), generator=generator).tolist()

    batches = [[draw(6)], [draw(9), draw(2), draw(5)]]
    model.eval()
    model.config.eos_token_id = end_token(model, batches)
    model.generation_config.eos_token_id = model.config.eos_token_id
    written = {
        "eos_token_id": model.config.eos_token_id,
        "pad_token_id": PAD,
        "batches": [
            {"prompts": prompts, "runs": [run(model, prompts, options) for options in RUNS]} for prompts in batches
        ],
    }
    assert_batch_equals_single(model, batches[1])
    model.train()
    return written


def end_token(model: PreTrainedModel, batches: list[list[list[int]]]) -> int:
    """The token that is said for the first time after a few others, in about a third of all rows."""
    model.generation_config.eos_token_id = None
    said = [run(model, prompts, options)["sequences"] for prompts in batches for options in RUNS]
    rows = [row for sequences in said for row in sequences]
    late = {token for row in rows for token in row[4:] if token >= FIRST_WORD and token not in row[:4]}
    return min(sorted(late), key=lambda token: abs(sum(token in row for row in rows) / len(rows) - 1 / 3))


def run(model: PreTrainedModel, prompts: list[list[int]], options: dict) -> dict:
    inputs = pad_left(prompts)
    with torch.no_grad():
        result = model.generate(
            **inputs,
            **options,
            do_sample=False,
            pad_token_id=PAD,
            output_scores=True,
            return_dict_in_generate=True,
        )
    ends = model.generation_config.eos_token_id
    width = inputs["input_ids"].shape[1]
    written = {"options": options, "sequences": [cut(row[width:], ends) for row in result.sequences]}
    if options.get("num_beams", 1) > 1:
        written["scores"] = result.sequences_scores.tolist()
    return written


def pad_left(prompts: list[list[int]]) -> dict[str, Tensor]:
    width = max(map(len, prompts))
    return {
        "input_ids": torch.tensor([[PAD] * (width - len(row)) + row for row in prompts]),
        "attention_mask": torch.tensor([[0] * (width - len(row)) + [1] * len(row) for row in prompts]),
    }


def cut(row: Tensor, end: int | None) -> list[int]:
    """Up to and with the end token; what follows it is padding."""
    tokens = row.tolist()
    return tokens[: tokens.index(end) + 1] if end in tokens else tokens


def assert_batch_equals_single(model: PreTrainedModel, prompts: list[list[int]]) -> None:
    for options in RUNS:
        if options.get("num_return_sequences", 1) > 1:
            continue
        together = run(model, prompts, options)["sequences"]
        alone = [run(model, [prompt], options)["sequences"][0] for prompt in prompts]
        assert together == alone, f"{options}: left padding changes what is generated"
