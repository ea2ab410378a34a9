"""Reference values for packages/multihead/src/metrics/ranking: sentence-transformers' evaluators and scikit-learn's ndcg_score.

    pip install sentence-transformers==6.2.0 scikit-learn==1.9.1
    python bench/peers/ranking_metrics_fixtures.py    # writes packages/multihead/fixtures/metrics/ranking.json

Tests draw the 1,000 cases of each themselves (park_miller.py); a row is what is expected of a case, in one number: metric i times
2 ** i, summed.
"""

import json
import pathlib

import numpy
import sentence_transformers
import sklearn
from sentence_transformers.cross_encoder.evaluation import CrossEncoderRerankingEvaluator
from sentence_transformers.sentence_transformer.evaluation import InformationRetrievalEvaluator
from sklearn.metrics import ndcg_score

from park_miller import ParkMiller

FILE = pathlib.Path(__file__).parents[2] / "packages/multihead/fixtures/metrics/ranking.json"


def shuffled(random, count):
    order = list(range(count))
    for i in range(count - 1, 0, -1):
        j = random.below(i + 1)
        order[i], order[j] = order[j], order[i]
    return order


def one_number(values):
    return float(sum(value * 2**i for i, value in enumerate(values)))


def retrieval(seed):
    """Queries with some relevant documents each, and a ranking that may miss them."""
    random = ParkMiller(seed)
    documents = 2 + random.below(30)
    queries = 1 + random.below(4)
    k = 1 + random.below(12)
    relevant, found = {}, []
    for query in range(queries):
        relevant[str(query)] = {str(i) for i in shuffled(random, documents)[: 1 + random.below(documents)]}
        ids = shuffled(random, documents)[: random.below(documents + 1)]
        found.append([{"corpus_id": str(i), "score": -rank} for rank, i in enumerate(ids)])
    ks = [k]
    evaluator = InformationRetrievalEvaluator(
        {str(i): "q" for i in range(queries)}, {str(i): "d" for i in range(documents)}, relevant,
        mrr_at_k=ks, ndcg_at_k=ks, accuracy_at_k=ks, precision_recall_at_k=ks, map_at_k=ks,
    )
    metrics = evaluator.compute_metrics(found)
    names = ["accuracy@k", "precision@k", "recall@k", "mrr@k", "ndcg@k", "map@k"]
    return one_number(metrics[name][k] for name in names)


def graded(seed):
    """Documents with a relevance from 0 to 4 and scores that often are equal."""
    random = ParkMiller(seed)
    documents = 2 + random.below(20)
    k = 1 + random.below(documents)
    relevance = [random.below(5) for _ in range(documents)]
    scores = [random.below(12) / 4 for _ in range(documents)]
    return one_number([ndcg_score([relevance], [scores]), ndcg_score([relevance], [scores], k=k)])


def reranking(seed):
    """Documents of a query, relevant or not, with scores that differ."""
    random = ParkMiller(seed)
    documents = 2 + random.below(20)
    k = 1 + random.below(12)
    relevant = [random.below(3) == 0 for _ in range(documents)]
    relevant[random.below(documents)] = True
    scores = [i / 8 for i in shuffled(random, documents)]
    evaluator = CrossEncoderRerankingEvaluator([{"query": "q", "positive": ["p"], "negative": ["n"]}], at_k=k)
    mrr, ndcg, ap = evaluator.compute_metrics([int(x) for x in relevant], numpy.array(scores))
    return one_number([ap, mrr, ndcg])


content = {
    "writtenBy": "bench/peers/ranking_metrics_fixtures.py",
    "versions": {"sentence-transformers": sentence_transformers.__version__, "scikit-learn": sklearn.__version__},
    "retrieval": [retrieval(seed) for seed in range(1, 1001)],
    "graded": [graded(seed) for seed in range(1, 1001)],
    "reranking": [reranking(seed) for seed in range(1, 1001)],
}
FILE.write_text(json.dumps(content, separators=(",", ":")) + "\n")
