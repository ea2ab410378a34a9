/**
 * The side of transformers.js in npm run test:interchange: node transformers-js-side.js LIBRARY FOLDER DEVICE
 *
 * Reads FOLDER/cases.json and prints the answers of each task in each dtype as JSON. On `wasm` the library is what a browser
 * loads: its web build, which fetches the files over HTTP.
 */
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const [, , library, folder, device] = process.argv;
const packages = join(library, 'node_modules');
const { cases, dtypes } = JSON.parse(readFileSync(join(folder, 'cases.json'), 'utf8'));

const server = device === 'wasm' ? await serve(folder) : undefined;
const { env, pipeline } = await import(
  pathToFileURL(
    join(packages, '@huggingface/transformers/dist', server ? 'transformers.web.js' : 'transformers.node.mjs'),
  ).href
);
if (server) {
  env.allowLocalModels = false;
  env.useBrowserCache = false;
  env.remoteHost = `http://127.0.0.1:${server.address().port}/`;
  env.remotePathTemplate = '{model}/';
  env.backends.onnx.wasm.numThreads = 1;
  env.backends.onnx.wasm.wasmPaths = join(packages, 'onnxruntime-web/dist/');
} else {
  env.allowRemoteModels = false;
  env.localModelPath = folder;
}

/** What a pipeline is called with, and its answer as lists of a text and a score, or as numbers. */
const askers = {
  'text-classification': async (pipe, { texts }) =>
    (await pipe(texts, { top_k: 1 })).map(({ label, score }) => [label, score]),
  'token-classification': async (pipe, { texts }) =>
    (await pipe(texts)).flatMap((found) =>
      found.map(({ entity, index, word, score }) => [`${entity} ${index} ${word}`, score]),
    ),
  'question-answering': async (pipe, { questions }) => {
    const found = [];
    for (const { question, context } of questions) found.push([(await pipe(question, context)).answer.toLowerCase()]);
    return found;
  },
  'fill-mask': async (pipe, { texts }) => {
    const found = [];
    for (const text of texts)
      found.push(...(await pipe(text, { top_k: 1 })).map(({ token_str, score }) => [token_str, score]));
    return found;
  },
  'feature-extraction': async (pipe, { texts }) => {
    const { data } = await pipe(texts, { pooling: 'mean', normalize: true });
    return Array.from(data, (value) => ['', value]);
  },
  'text-generation': async (pipe, { texts, count }) => {
    const found = [];
    for (const text of texts)
      found.push([(await pipe(text, { max_new_tokens: count, do_sample: false }))[0].generated_text]);
    return found;
  },
};

const answers = {};
for (const [task, given] of Object.entries(cases)) {
  answers[task] = {};
  for (const dtype of dtypes) {
    const pipe = await pipeline(task, task, { device, dtype });
    answers[task][dtype] = await askers[task](pipe, given);
    await pipe.dispose();
  }
}
process.stdout.write(JSON.stringify(answers));
server?.close();

/** Serves a folder's files, and makes the library believe that it is in a browser. */
async function serve(root) {
  Object.defineProperty(process, 'release', { value: { name: 'browser' } });
  const listening = createServer(async (request, response) => {
    const path = decodeURIComponent(new URL(request.url, 'http://localhost').pathname);
    const bytes = await readFile(join(root, path)).catch(() => undefined);
    response.writeHead(bytes ? 200 : 404, { connection: 'close' }).end(bytes);
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => listening.once('listening', resolve));
  return listening;
}
