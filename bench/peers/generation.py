"""PyTorch's side of `npm run bench -- generation`: greedy generation by Hugging Face's `generate`, on request.

    python bench/peers/generation.py --model runs/generation/mini/model --threads 2 [--onnx runs/generation/mini/transformers-js]

A long-lived process that speaks JSON, a line at a time. First it prints its versions. Then it answers

    {"generate": [ids], "new_tokens": n}  n tokens after a prompt, with its cache, never ended by a token
                                          -> {"ms": ..., "tokens": [...]}
    {"quit": true}                        ends the process, as does the end of stdin

With --onnx it first writes the model as transformers.js reads it: onnx/model.onnx with `input_ids`, `attention_mask`,
`position_ids` and the cache (`past_key_values.N.key|value` in, `present.N.key|value` out), float32, as Optimum lays it out.
"""

import argparse
import json
import shutil
import sys
import time
from pathlib import Path

import torch
import transformers
from training_step import say
from transformers import AutoModelForCausalLM, GPT2LMHeadModel


class WithCache(torch.nn.Module):
    """GPT-2 as a function of tensors alone: the cache comes in and goes out."""

    def __init__(self, model: GPT2LMHeadModel) -> None:
        super().__init__()
        self.model = model

    def forward(self, input_ids, attention_mask, position_ids, *past):  # noqa: ANN001, ANN002, ANN201
        gpt, head = self.model.transformer, self.model.lm_head
        heads, width = gpt.config.n_head, gpt.config.n_embd // gpt.config.n_head
        hidden = gpt.wte(input_ids) + gpt.wpe(position_ids)
        length, total = input_ids.shape[1], attention_mask.shape[1]
        reach = torch.arange(total)[None, :] <= torch.arange(total - length, total)[:, None]
        visible = reach[None, None] & attention_mask[:, None, None, :].bool()
        bias = torch.where(visible, 0.0, torch.finfo(torch.float32).min)
        present = []
        for i, block in enumerate(gpt.h):
            states = block.attn.c_attn(block.ln_1(hidden)).split(gpt.config.n_embd, dim=2)
            query, key, value = (state.unflatten(2, (heads, width)).transpose(1, 2) for state in states)
            key = torch.cat([past[2 * i], key], dim=2)
            value = torch.cat([past[2 * i + 1], value], dim=2)
            weights = (query @ key.transpose(2, 3) / width**0.5 + bias).softmax(-1)
            hidden = hidden + block.attn.c_proj((weights @ value).transpose(1, 2).flatten(2))
            hidden = hidden + block.mlp(block.ln_2(hidden))
            present += [key, value]
        return head(gpt.ln_f(hidden)), *present


def export(model: GPT2LMHeadModel, source: Path, folder: Path) -> None:
    """Writes the model's folder for transformers.js."""
    (folder / "onnx").mkdir(parents=True, exist_ok=True)
    for name in ("config.json", "tokenizer.json", "tokenizer_config.json"):
        if (source / name).exists():
            shutil.copy(source / name, folder / name)
    config = model.config
    cache = torch.zeros(1, config.n_head, 3, config.n_embd // config.n_head)
    names = [f"{i}.{kind}" for i in range(config.n_layer) for kind in ("key", "value")]
    past, present = [f"past_key_values.{n}" for n in names], [f"present.{n}" for n in names]
    tokens = {0: "batch_size", 1: "sequence_length"}
    torch.onnx.export(
        WithCache(model),
        (torch.ones(1, 2, dtype=torch.int64), torch.ones(1, 5, dtype=torch.int64), torch.tensor([[3, 4]]), *[cache] * len(past)),
        str(folder / "onnx" / "model.onnx"),
        input_names=["input_ids", "attention_mask", "position_ids", *past],
        output_names=["logits", *present],
        dynamic_axes={
            "input_ids": tokens,
            "attention_mask": {0: "batch_size", 1: "total_sequence_length"},
            "position_ids": tokens,
            "logits": tokens,
            **{name: {0: "batch_size", 2: "past_sequence_length"} for name in past},
            **{name: {0: "batch_size", 2: "total_sequence_length"} for name in present},
        },
        opset_version=17,
        dynamo=False,
    )


def generate(model: GPT2LMHeadModel, prompt: list[int], new_tokens: int) -> dict:
    """Greedily; minimum and maximum are the same, so that no token ends it."""
    ids = torch.tensor([prompt])
    began = time.perf_counter()
    with torch.no_grad():
        found = model.generate(
            ids,
            attention_mask=torch.ones_like(ids),
            do_sample=False,
            min_new_tokens=new_tokens,
            max_new_tokens=new_tokens,
            pad_token_id=0,
        )
    return {"ms": 1000 * (time.perf_counter() - began), "tokens": found[0, len(prompt) :].tolist()}


def main() -> None:
    parser = argparse.ArgumentParser(description="Generate on request; see the file's docstring.")
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--onnx", type=Path)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    model = AutoModelForCausalLM.from_pretrained(options.model).eval()
    if options.onnx:
        with torch.no_grad():
            export(model, options.model, options.onnx)
    say({"torch": torch.__version__, "transformers": transformers.__version__, "threads": torch.get_num_threads()})
    for line in sys.stdin:
        match json.loads(line):
            case {"generate": list(prompt), "new_tokens": int(count)}:
                say(generate(model, prompt, count))
            case {"quit": _}:
                return
            case other:
                say({"error": f"unknown request {other}: expected generate or quit"})


if __name__ == "__main__":
    main()
