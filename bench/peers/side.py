"""The options of a peer that answers questions about one model, `--model DIR --threads N`, and what they set."""

import argparse

import torch
import transformers


def options(documentation: str) -> argparse.Namespace:
    """The parsed options. PyTorch has so many threads from here on, and nothing draws progress bars."""
    parser = argparse.ArgumentParser(description=documentation.splitlines()[0])
    parser.add_argument("--model", required=True)
    parser.add_argument("--threads", type=int, default=2)
    parsed = parser.parse_args()
    torch.set_num_threads(parsed.threads)
    transformers.logging.disable_progress_bar()
    return parsed
