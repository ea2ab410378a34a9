"""Write the reference fixtures of the llama2.c converter, with llama2.c's own program.

    git clone https://github.com/karpathy/llama2.c ../llama2.c
    python bench/peers/llama2c_fixtures.py --source ../llama2.c --stories ../shared/data/models/stories260K

Needs a C compiler (`cc`) and PyTorch (for random numbers). Writes into packages/multihead/fixtures/llama2c/:

    tiny.bin, tiny-tokenizer.bin   a random model with a head of its own, and a tokenizer with a few merges, in llama2.c's
                                   layouts
    tiny.json                      `encodings`: texts and their tokens, <s> first; `greedy`: what the most probable token
                                   gives, prompt included, until the model is full or says <s>
    stories260K.json               the same of the real model (its files are not copied), and the text that `run` prints:
                                   run stories260K.bin -z tok512.bin -t 0.0 -n 256 -i "Once upon a time"
"""

import argparse
import struct
import subprocess
import tempfile
from pathlib import Path

import torch
from bert_fixtures import readable_json

# llama2.c's program as a library: tokens of lines (a tab stands for a line break), and greedy decoding as token numbers.
HARNESS = r"""
#define TESTING
#include "run.c"
int main(int argc, char **argv) {
    Transformer model;
    Tokenizer tokenizer;
    build_transformer(&model, argv[1]);
    build_tokenizer(&tokenizer, argv[2], model.config.vocab_size);
    char line[4096];
    int tokens[8192], count;
    while (fgets(line, sizeof line, stdin)) {
        line[strcspn(line, "\n")] = 0;
        for (char *c = line; *c; c++) if (*c == '\t') *c = '\n';
        encode(&tokenizer, line, 1, 0, tokens, &count);
        if (argc > 3) {
            int limit = atoi(argv[3]) < model.config.seq_len ? atoi(argv[3]) : model.config.seq_len;
            for (int position = 0; position + 1 < limit; position++) {
                float *logits = forward(&model, tokens[position], position);
                if (position + 1 < count) continue;
                tokens[count] = sample_argmax(logits, model.config.vocab_size);
                if (tokens[count++] == 1) break;
            }
        }
        for (int i = 0; i < count; i++) printf(i ? " %d" : "%d", tokens[i]);
        printf("\n");
    }
}
"""

TEXTS = [
    "Once upon a time",
    'Lily\'s mom said, "Hello!"',
    "  two  spaces ",
    "caf\u00e9 \u2014 na\u00efve \u65e5\u672c \U0001f642",
    "line\nbreaks\n\n",
    "",
    " ",
    "aaa abcabc bcd abba",
    "abcd",
    "<0x41> A<B>C ~`|\\",
]


def tiny_tokenizer() -> list[tuple[bytes, float]]:
    pieces = [(b"<unk>", 0.0), (b"\n<s>\n", 0.0), (b"\n</s>\n", 0.0)]
    pieces += [(b"<0x%02X>" % byte, 0.0) for byte in range(256)]
    merged = [" a", "ab", "bc", "aa", "abc", " ab", "cd", "aaa", "e\u00e9", "abcd", "a ", "ba"]
    characters = [" ", "a", "b", "c", "d", "e", "\u00e9", "\u65e5"]
    return pieces + [(text.encode(), -float(rank)) for rank, text in enumerate(merged + characters)]


def write_tokenizer(pieces: list[tuple[bytes, float]], path: Path) -> None:
    data = struct.pack("<i", max(len(text) for text, _ in pieces))
    for text, score in pieces:
        data += struct.pack("<fi", score, len(text)) + text
    path.write_bytes(data)


def write_tiny_model(vocabulary: int, path: Path) -> None:
    dim, hidden, layers, heads, kv_heads, sequence = 16, 20, 2, 4, 2, 48
    kv_dim = dim // heads * kv_heads
    generator = torch.Generator().manual_seed(31)

    def normal(*shape: int, mean: float = 0.0, deviation: float = 0.5) -> torch.Tensor:
        return mean + deviation * torch.randn(*shape, generator=generator)

    weights = [
        normal(vocabulary, dim),
        normal(layers, dim, mean=1.0, deviation=0.2),
        normal(layers, dim, dim),
        normal(layers, kv_dim, dim),
        normal(layers, kv_dim, dim),
        normal(layers, dim, dim),
        normal(layers, dim, mean=1.0, deviation=0.2),
        normal(layers, hidden, dim),
        normal(layers, dim, hidden),
        normal(layers, hidden, dim),
        normal(dim, mean=1.0, deviation=0.2),
        torch.zeros(sequence * dim // heads),
        normal(vocabulary, dim),
    ]
    header = struct.pack("<7i", dim, hidden, layers, heads, kv_heads, -vocabulary, sequence)
    path.write_bytes(header + b"".join(weight.numpy().astype("<f4").tobytes() for weight in weights))


def compiled(source: Path, folder: Path) -> Path:
    (folder / "harness.c").write_text(HARNESS)
    program = folder / "harness"
    subprocess.run(["cc", "-O2", f"-I{source}", "-o", program, folder / "harness.c", "-lm"], check=True)
    return program


def tokens(program: Path, model: Path, tokenizer: Path, texts: list[str], *limit: str) -> list[list[int]]:
    lines = "".join(text.replace("\n", "\t") + "\n" for text in texts)
    command = [program, model, tokenizer, *limit]
    printed = subprocess.run(command, input=lines, capture_output=True, text=True, check=True).stdout
    return [[int(number) for number in line.split()] for line in printed.splitlines()]


def reference(program: Path, model: Path, tokenizer: Path, prompts: list[str]) -> dict:
    encodings = tokens(program, model, tokenizer, TEXTS)
    greedy = tokens(program, model, tokenizer, prompts, "257")  # `run -n 256` prints 256 after <s>
    return {
        "encodings": [{"text": text, "ids": ids} for text, ids in zip(TEXTS, encodings, strict=True)],
        "greedy": [{"prompt": prompt, "ids": ids} for prompt, ids in zip(prompts, greedy, strict=True)],
    }


def main() -> None:
    parser = argparse.ArgumentParser(description="Write the reference fixtures of the llama2.c converter.")
    default = Path(__file__).parents[2] / "packages/multihead/fixtures/llama2c"
    parser.add_argument("--source", type=Path, required=True, help="a checkout of llama2.c, for its run.c")
    parser.add_argument("--stories", type=Path, required=True, help="folder with stories260K.bin and tok512.bin")
    parser.add_argument("--output", type=Path, default=default)
    options = parser.parse_args()
    output = options.output
    output.mkdir(parents=True, exist_ok=True)
    pieces = tiny_tokenizer()
    write_tokenizer(pieces, output / "tiny-tokenizer.bin")
    write_tiny_model(len(pieces), output / "tiny.bin")
    with tempfile.TemporaryDirectory() as folder:
        program = compiled(options.source.resolve(), Path(folder))
        tiny = reference(program, output / "tiny.bin", output / "tiny-tokenizer.bin", ["abc", "a dab"])
        (output / "tiny.json").write_text(readable_json(tiny))
        stories = (options.stories / "stories260K.bin", options.stories / "tok512.bin")
        prompt = "Once upon a time"
        real = reference(program, *stories, [prompt])
        run = Path(folder) / "run"
        subprocess.run(["cc", "-O2", "-o", run, options.source / "run.c", "-lm"], check=True)
        command = [run, stories[0], "-z", stories[1], "-t", "0.0", "-n", "256", "-i", prompt]
        real["text"] = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        (output / "stories260K.json").write_text(readable_json(real))
    for file in sorted(output.iterdir()):
        print(f"{file.stat().st_size:8d}  {file.name}")


if __name__ == "__main__":
    main()
