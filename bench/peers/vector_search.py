"""The Python sides of `npm run bench -- similarity` and `-- retrieval`: semantic_search of sentence-transformers, NumPy, BM25.

    pip install sentence-transformers==6.2.0 bm25s==0.3.16 PyStemmer==3.1.0
    python bench/peers/vector_search.py --threads 2

A long-lived process that speaks JSON, a line at a time. First it prints a line about itself. Then it answers each line
read from stdin with one line:

    {"load": {"queries": "queries.npy", "corpus": "corpus.npy"}}    reads vectors -> {}
    {"search": "torch", "k": 10}                                    or "numpy" -> {"ms": ..., "ids": [[...], ...]}
    {"bm25": {"queries": [...], "texts": [...]}}                    -> {"ids": [[all, best first], ...]}
    {"quit": true}                                                  ends the process, as does the end of stdin
"""

import argparse
import json
import sys
import time

import bm25s
import numpy
import sentence_transformers
import Stemmer
import torch
from sentence_transformers.util import semantic_search


def by_torch(queries, corpus, k):
    return [[hit["corpus_id"] for hit in hits] for hits in semantic_search(queries, corpus, top_k=k)]


def by_numpy(queries, corpus, k, block=100):
    corpus = corpus / numpy.linalg.norm(corpus, axis=1, keepdims=True)
    queries = queries / numpy.linalg.norm(queries, axis=1, keepdims=True)
    found = []
    for start in range(0, len(queries), block):
        scores = queries[start : start + block] @ corpus.T
        best = numpy.argpartition(scores, -k, axis=1)[:, -k:]
        order = numpy.argsort(-numpy.take_along_axis(scores, best, axis=1), axis=1)
        found.extend(numpy.take_along_axis(best, order, axis=1).tolist())
    return found


def by_bm25(queries, texts):
    """Lucene's BM25 with k1 1.5, b 0.75, English stop words and Snowball's English stemmer: the usual setting of bm25s."""

    def words(of):
        return bm25s.tokenize(of, stopwords="en", stemmer=Stemmer.Stemmer("english"), show_progress=False)

    index = bm25s.BM25()
    index.index(words(texts), show_progress=False)
    return index.retrieve(words(queries), k=len(texts), show_progress=False)[0].tolist()


def answer(state: dict, question: dict) -> dict:
    if "load" in question:
        arrays = {name: numpy.load(path) for name, path in question["load"].items()}
        state["numpy"] = (arrays["queries"], arrays["corpus"])
        state["torch"] = tuple(torch.from_numpy(array) for array in state["numpy"])
        return {}
    if "bm25" in question:
        return {"ids": by_bm25(question["bm25"]["queries"], question["bm25"]["texts"])}
    search = {"torch": by_torch, "numpy": by_numpy}[question["search"]]
    began = time.perf_counter()
    ids = search(*state[question["search"]], question["k"])
    return {"ms": 1000 * (time.perf_counter() - began), "ids": ids}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--threads", type=int, default=2)
    torch.set_num_threads(parser.parse_args().threads)
    versions = {"torch": f"sentence-transformers {sentence_transformers.__version__}", "numpy": f"NumPy {numpy.__version__}"}
    print(json.dumps(versions), flush=True)
    state = {}
    for line in sys.stdin:
        question = json.loads(line)
        if "quit" in question:
            return
        print(json.dumps(answer(state, question)), flush=True)


if __name__ == "__main__":
    main()
