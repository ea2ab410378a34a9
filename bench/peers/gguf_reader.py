"""Python's reader of a GGUF file, in `npm run bench -- gguf`: Transformers' from_pretrained(gguf_file=...) on PyTorch, float32.

    python bench/peers/gguf_reader.py --gguf SmolLM2-135M-Instruct.Q4_1.gguf --threads 2    # needs pip install gguf

A long-lived process that speaks JSON, a line at a time. First it prints its versions. Then it answers

    {"render": [messages]}                the conversation as text and as token ids, by the file's template and tokenizer
    {"logits": [ids]}                     the logits of every position, float32, as base64
    {"generate": [ids], "new_tokens": n}  n greedy tokens after a prompt, with its cache, never ended by a token
    {"quit": true}                        ends the process, as does the end of stdin
"""

import argparse
import base64
import json
import sys
import time
from pathlib import Path

import torch
import transformers
from training_step import say
from transformers import AutoModelForCausalLM, AutoTokenizer


def main() -> None:
    parser = argparse.ArgumentParser(description="Python's reader of a GGUF file, on request.")
    parser.add_argument("--gguf", type=Path, required=True)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    folder, name = str(options.gguf.parent), options.gguf.name
    model = AutoModelForCausalLM.from_pretrained(folder, gguf_file=name, dtype=torch.float32).eval()
    tokenizer = AutoTokenizer.from_pretrained(folder, gguf_file=name)
    model.generation_config.eos_token_id = None
    say({"torch": torch.__version__, "transformers": transformers.__version__})
    for line in sys.stdin:
        question = json.loads(line)
        if question.get("quit"):
            break
        if "render" in question:
            text = tokenizer.apply_chat_template(question["render"], tokenize=False, add_generation_prompt=True)
            say({"text": text, "ids": tokenizer(text, add_special_tokens=False)["input_ids"]})
            continue
        ids = torch.tensor([question.get("logits") or question["generate"]])
        with torch.no_grad():
            if "logits" in question:
                logits = model(input_ids=ids).logits.float().contiguous()
                say({"logits": base64.b64encode(logits.numpy().tobytes()).decode()})
                continue
            began = time.perf_counter()
            count = question["new_tokens"]
            mask = torch.ones_like(ids)
            made = model.generate(ids, attention_mask=mask, max_new_tokens=count, do_sample=False, pad_token_id=0)
            say({"ms": 1000 * (time.perf_counter() - began), "tokens": made[0, ids.shape[1] :].tolist()})


if __name__ == "__main__":
    main()
