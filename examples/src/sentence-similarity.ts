/** @file Finds the question that means the same, by sentence vectors. `node examples/dist/sentence-similarity.js "your question"` */
import { fileURLToPath } from 'node:url';
import { pipeline, readClassificationExamples } from 'multihead';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const [question = 'Did the package leave your warehouse?'] = process.argv.slice(2);
const known = (await readClassificationExamples(here('../data/support-intents.train.tsv'))).map(({ text }) => text);

const embed = await pipeline('feature-extraction', here('../../models/mini'));
const { data, shape } = await embed([question, ...known], { pooling: 'mean', normalize: true });
await embed.dispose();

// Vectors have length 1, so that their product is the cosine of the angle between them.
const [count, size] = shape;
const vector = (i: number) => data.subarray(i * size, (i + 1) * size);
const cosine = (i: number) => vector(i).reduce((sum, x, j) => sum + x * (data[j] ?? 0), 0);
const similar = Array.from({ length: count - 1 }, (_, i) => ({ text: known[i], score: cosine(i + 1) }));
similar.sort((a, b) => b.score - a.score);

console.log(`${question}\n`);
for (const { text, score } of similar.slice(0, 5)) console.log(`  ${score.toFixed(3)}  ${text}`);
