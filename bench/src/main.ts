/** @file `npm run bench -- NAME`: measurements beside the peers, each in one run. Peers: see bench/peers/README.md. */

const benchmarks: Readonly<Record<string, () => Promise<{ run(args: readonly string[]): Promise<void> }>>> = {
  embedding: () => import('./embedding.js'),
  similarity: () => import('./similarity.js'),
  retrieval: () => import('./retrieval.js'),
  'ranking-pairs': () => import('./ranking-pairs.js'),
  training: () => import('./training.js'),
  lora: () => import('./lora.js'),
  serving: () => import('./serving.js'),
  'serving-faults': () => import('./serving-faults.js'),
  responsive: () => import('./responsive.js'),
  killing: () => import('./killing.js'),
  interrupting: () => import('./interrupting.js'),
  freezing: () => import('./freezing.js'),
  corpus: () => import('./corpus.js'),
  reading: () => import('./reading.js'),
  real: () => import('./real.js'),
  finetune: () => import('./finetune.js'),
  pretraining: () => import('./pretraining.js'),
  generation: () => import('./generation.js'),
  gguf: () => import('./gguf.js'),
  inference: () => import('./inference.js'),
  'language-modeling': () => import('./language-modeling.js'),
  'time-to-score': () => import('./time-to-score.js'),
  transfer: () => import('./transfer.js'),
  'split-articles': () => import('./split-articles.js'),
  quantization: () => import('./quantization.js'),
  search: () => import('./search.js'),
  'search-pruning': () => import('./search-pruning.js'),
  'search-defaults': () => import('./search-defaults.js'),
  'search-objectives': () => import('./search-objectives.js'),
  'search-journal': () => import('./search-journal.js'),
  'search-killing': () => import('./search-killing.js'),
  intents: () => import('./intents.js'),
};

const [name = '', ...args] = process.argv.slice(2);
const load = Object.hasOwn(benchmarks, name) ? benchmarks[name] : undefined;
if (load) {
  await (await load()).run(args);
} else {
  console.error(`usage: npm run bench -- NAME [options], with NAME one of: ${Object.keys(benchmarks).join(', ')}`);
  process.exitCode = 1;
}
