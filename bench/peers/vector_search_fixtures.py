"""Reference values for packages/multihead/src/vectors: what sentence-transformers finds among vectors, and how it quantizes.

    pip install sentence-transformers==6.2.0 torch==2.13.0
    python bench/peers/vector_search_fixtures.py     # writes packages/multihead/fixtures/vectors/*

Tests draw the vectors themselves (park_miller.py): rows around a few centres, so that there are communities.
"""

import json
import pathlib

import numpy
import sentence_transformers
import torch
from sentence_transformers.util import (
    community_detection,
    cos_sim,
    dot_score,
    euclidean_sim,
    manhattan_sim,
    paraphrase_mining_embeddings,
    quantize_embeddings,
    semantic_search,
)
from sentence_transformers.util.quantization import _dequantize_embeddings

from park_miller import ParkMiller

FOLDER = pathlib.Path(__file__).parents[2] / "packages/multihead/fixtures/vectors"
SIZE = 20


def drawn(seed, count):
    """Vectors around five centres: [count, SIZE], float32."""
    random = ParkMiller(seed)
    number = lambda: (random.below(2001) - 1000) / 1000
    centres = [[number() for _ in range(SIZE)] for _ in range(5)]
    rows = []
    for _ in range(count):
        centre = centres[random.below(5)]
        rows.append([x + 0.6 * number() for x in centre])
    return numpy.array(rows, dtype=numpy.float32)


def hits(found):
    return [[[hit["corpus_id"], hit["score"]] for hit in row] for row in found]


def rescored(queries, decoded, k):
    """As semantic_search_usearch and _faiss score candidates anew, with all of the corpus as candidates."""
    scores = numpy.einsum("ij,kj->ik", queries, decoded).astype(numpy.float64)
    order = numpy.argsort(-scores, axis=1)[:, :k]
    return [[[int(i), float(row[i])] for i in ids] for row, ids in zip(scores, order)]


def main():
    corpus, queries = drawn(1, 90), drawn(2, 8)
    int8 = quantize_embeddings(corpus, "int8")
    ranges = numpy.vstack((corpus.min(axis=0), corpus.max(axis=0)))
    ubinary = quantize_embeddings(corpus, "ubinary")
    bits = numpy.unpackbits(ubinary, axis=-1)[:, :SIZE].astype(int)
    content = {
        "writtenBy": "bench/peers/vector_search_fixtures.py",
        "versions": {"sentence-transformers": sentence_transformers.__version__, "torch": torch.__version__},
        "search": {
            name: hits(semantic_search(queries, corpus, top_k=7, score_function=function, corpus_chunk_size=40))
            for name, function in {
                "cosine": cos_sim, "dot": dot_score, "euclidean": euclidean_sim, "manhattan": manhattan_sim
            }.items()
        },
        "quantized": {
            "int8": int8.tolist(),
            "uint8": quantize_embeddings(corpus, "uint8").tolist(),
            "binary": quantize_embeddings(corpus, "binary").tolist(),
            "ubinary": ubinary.tolist(),
            "int8 by queries": quantize_embeddings(corpus, "int8", calibration_embeddings=queries).tolist(),
        },
        "rescored": {
            "int8": rescored(queries, _dequantize_embeddings(int8, "int8", ranges), 7),
            "ubinary": rescored(queries, bits, 7),
        },
        "communities": [
            {"threshold": threshold, "least": least, "found": community_detection(
                torch.tensor(corpus), threshold=threshold, min_community_size=least, batch_size=32
            )}
            for threshold, least in [(0.75, 10), (0.6, 3), (0.9, 2), (0.3, 5)]
        ],
        "pairs": [
            {"topK": top_k, "maxPairs": max_pairs, "found": paraphrase_mining_embeddings(
                torch.tensor(corpus), top_k=top_k, max_pairs=max_pairs, corpus_chunk_size=25, query_chunk_size=30
            )}
            for top_k, max_pairs in [(3, 40), (1, 500), (100, 60)]
        ],
    }
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / "search.json").write_text(json.dumps(content, separators=(",", ":")) + "\n")
    numpy.save(FOLDER / "corpus.npy", corpus)
    numpy.save(FOLDER / "binary.npy", quantize_embeddings(corpus, "binary"))
    numpy.save(FOLDER / "int8.npy", int8)
    numpy.save(FOLDER / "int8.ranges.npy", ranges)
    numpy.save(FOLDER / "float16.npy", corpus.astype(numpy.float16))


if __name__ == "__main__":
    main()
