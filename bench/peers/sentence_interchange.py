"""The side of sentence-transformers in npm run test:interchange.

    python bench/peers/sentence_interchange.py ASKED.json BASE SAVED

Answers what ASKED.json asks of the folders that Multihead saved: vectors, similarities, scores of documents. Then saves models
made of the encoder in BASE under SAVED, each by its pooling, prompts and activation, with answers to the same questions. Prints
both as JSON: {"versions", "answers": [numbers of each question], "saved": [{"name", "folder", "questions", "answers"}]}.
"""

import json
import sys
from pathlib import Path

import numpy
import sentence_transformers
import torch
import transformers
from sentence_transformers import CrossEncoder, SentenceTransformer
from sentence_transformers.sentence_transformer.modules import Normalize, Pooling, Transformer

MODES = ("mean", "cls", "max", "lasttoken")
# The weights of BASE are float16, in which PyTorch would compute, too.
FLOAT32 = {"dtype": torch.float32}
PROMPTS = {"query": "query: ", "document": "passage: "}


def numbers(values) -> list:
    return numpy.asarray(values, dtype=numpy.float64).ravel().tolist()


def answer(model, question: dict) -> list:
    """The answer to a question as a flat list of numbers."""
    kind = question["kind"]
    if kind == "scores":
        return numbers(model.predict([(question["query"], document) for document in question["documents"]]))
    if kind == "similarities":
        first = model.encode_query([question["sourceSentence"]])
        return numbers(model.similarity(first, model.encode_document(question["sentences"])))
    named = {"prompt": "prompt", "promptName": "prompt_name"}
    given = {theirs: question[ours] for ours, theirs in named.items() if ours in question}
    if "dimensions" in question:
        # Ours are normalized anew where the folder says that vectors are.
        given["truncate_dim"] = question["dimensions"]
        given["normalize_embeddings"] = any(isinstance(module, Normalize) for module in model)
    return numbers(model.encode(question["texts"], **given))


def encoders(base: str):
    for mode in MODES:
        for is_normalized in (False, True):
            transformer = Transformer(base, max_seq_length=24, model_kwargs=FLOAT32)
            pooling = Pooling(transformer.get_embedding_dimension(), pooling_mode=mode)
            modules = [transformer, pooling, *([Normalize()] if is_normalized else [])]
            prompts = {"prompts": PROMPTS, "default_prompt_name": "document"} if is_normalized else {}
            yield f"{mode}{', normalized, prompts' if is_normalized else ''}", SentenceTransformer(
                modules=modules, device="cpu", **prompts
            )


def rankers(base: str):
    for activation in (torch.nn.Sigmoid(), torch.nn.Identity()):
        torch.manual_seed(7)
        yield type(activation).__name__, CrossEncoder(
            base, num_labels=1, max_length=48, device="cpu", activation_fn=activation, model_kwargs=FLOAT32
        )


def saved(model, name: str, folder: Path, questions: list) -> dict:
    model.save_pretrained(str(folder))
    return {
        "name": name,
        "folder": str(folder),
        "questions": questions,
        "answers": [answer(model, each) for each in questions],
    }


def main() -> None:
    asked, base, output = sys.argv[1:]
    transformers.logging.set_verbosity_error()
    torch.set_num_threads(1)
    given = json.loads(Path(asked).read_text(encoding="utf-8"))
    answers = []
    for row in given["folders"]:
        kind = CrossEncoder if row["task"] == "text-ranking" else SentenceTransformer
        model = kind(row["folder"], device="cpu")
        answers.append([answer(model, each) for each in row["questions"]])
    rows = []
    for i, (name, model) in enumerate(encoders(base)):
        questions = given["vectors"] + (given["prompted"] if model.prompts.get("query") else [])
        rows.append({"task": "sentence-similarity", **saved(model, name, Path(output) / f"encoder-{i}", questions)})
    for i, (name, model) in enumerate(rankers(base)):
        rows.append({"task": "text-ranking", **saved(model, name, Path(output) / f"ranker-{i}", given["scores"])})
    versions = f"sentence-transformers {sentence_transformers.__version__}, transformers {transformers.__version__}"
    print(json.dumps({"versions": versions, "answers": answers, "saved": rows}))


if __name__ == "__main__":
    main()
