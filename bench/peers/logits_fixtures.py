"""Write the reference fixtures of logits processors and perplexity: what Hugging Face Transformers makes of random scores.

Writes packages/multihead/fixtures/generation/:

    processors.json   for each processor (and some together, in the order of generate()): scores, the tokens so far, the
                      options, and the scores afterwards (null for -inf)
    perplexity.json   of the model fixtures/causal/llama-tied, on random tokens: by windows, each token weighing the same

Usage: python logits_fixtures.py   (needs torch and transformers, see README.md)
"""

import json
import math
from pathlib import Path

import torch
from transformers import AutoModelForCausalLM, GenerationConfig, LogitsProcessorList

FIXTURES = Path(__file__).resolve().parents[2] / "packages/multihead/fixtures"
VOCABULARY = 40
EOS = [7, 3]

CASES = [
    {"repetition_penalty": 1.7},
    {"repetition_penalty": 0.6},
    {"no_repeat_ngram_size": 1},
    {"no_repeat_ngram_size": 2},
    {"no_repeat_ngram_size": 3},
    {"min_length": 12},
    {"min_length": 13},
    {"min_new_tokens": 4},
    {"min_new_tokens": 5},
    {"do_sample": True, "top_k": 0, "temperature": 0.4},
    {"do_sample": True, "top_k": 0, "temperature": 1.9},
    {"do_sample": True, "top_k": 1},
    {"do_sample": True, "top_k": 5},
    {"do_sample": True, "top_k": 100},
    {"do_sample": True, "top_k": 0, "top_p": 0.05},
    {"do_sample": True, "top_k": 0, "top_p": 0.5},
    {"do_sample": True, "top_k": 0, "top_p": 0.9},
    {"do_sample": True, "top_k": 0, "top_p": 0.999},
    {"do_sample": True, "top_k": 0, "min_p": 0.02},
    {"do_sample": True, "top_k": 0, "min_p": 0.3},
    {"do_sample": True, "top_k": 0, "min_p": 1.0},
    {"do_sample": True, "top_k": 12, "top_p": 0.8, "temperature": 1.4, "min_p": 0.05},
    {"do_sample": True, "top_p": 0.95, "temperature": 0.8},
    {
        "do_sample": True,
        "top_k": 9,
        "top_p": 0.9,
        "temperature": 1.3,
        "repetition_penalty": 1.2,
        "no_repeat_ngram_size": 2,
        "min_new_tokens": 6,
    },
]


def processors(model, options: dict, prompt_length: int) -> LogitsProcessorList:
    """The list that generate() makes of the options."""
    defaults = {"top_k": 50, "top_p": 1.0, "temperature": 1.0}
    config = GenerationConfig(eos_token_id=EOS, **{**defaults, **options})
    model._prepare_special_tokens(config, True, device="cpu")
    return model._get_logits_processor(config, input_ids_seq_length=prompt_length)


def write_processors(model, generator: torch.Generator) -> None:
    cases = []
    for options in CASES:
        scores = torch.randn(1, VOCABULARY, generator=generator) * 3
        tokens = torch.randint(0, 12, (1, 12), generator=generator)
        prompt_length = 8
        result = processors(model, options, prompt_length)(tokens, scores.clone())
        cases.append(
            {
                "options": options,
                "tokens": tokens[0].tolist(),
                "prompt_length": prompt_length,
                "scores": scores[0].tolist(),
                "expected": [None if math.isinf(value) else value for value in result[0].tolist()],
            }
        )
    write("processors.json", {"eos_token_id": EOS, "cases": cases})


def write_perplexity(model, generator: torch.Generator) -> None:
    tokens = torch.randint(0, model.config.vocab_size, (1, 75), generator=generator)
    cases = []
    for max_length, stride in [(32, 16), (32, 32), (24, 5), (48, 24)]:
        nll, count, previous_end = 0.0, 0, 0
        for begin in range(0, tokens.shape[1], stride):
            end = min(begin + max_length, tokens.shape[1])
            window = tokens[:, begin:end]
            labels = window.clone()
            labels[:, : -(end - previous_end)] = -100
            guessed = int((labels[:, 1:] != -100).sum())
            if guessed > 0:
                nll += float(model(window, labels=labels).loss) * guessed
            count += guessed
            previous_end = end
            if end == tokens.shape[1]:
                break
        cases.append(
            {"maxLength": max_length, "stride": stride, "tokens": count, "perplexity": math.exp(nll / count)}
        )
    write("perplexity.json", {"model": "llama-tied", "tokenIds": tokens[0].tolist(), "cases": cases})


def write(name: str, content: dict) -> None:
    folder = FIXTURES / "generation"
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(json.dumps(content) + "\n")


def main() -> None:
    torch.manual_seed(0)
    generator = torch.Generator().manual_seed(17)
    model = AutoModelForCausalLM.from_pretrained(FIXTURES / "causal/llama-tied").eval()
    with torch.no_grad():
        write_processors(model, generator)
        write_perplexity(model, generator)


if __name__ == "__main__":
    main()
