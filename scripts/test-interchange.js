/**
 * npm run test:interchange [-- --library FOLDER] [--python PYTHON] [--only sentence-transformers]
 *
 * Trains small models, exports a folder for each task in each dtype, and asks the same of our pipelines and of
 * @huggingface/transformers on its devices cpu and wasm: the answers must be the same, with scores within the dtype's tolerance.
 * The library is installed from the registry into an empty folder, or lies in that of --library. With --python, which must have
 * onnxruntime, transformers and sentence-transformers, logits of the fp32 files are compared with those of Transformers, and
 * folders of sentence-transformers are exchanged in both directions (interchange-sentences.js; --only leaves the rest out). Prints
 * a line for each task, dtype and device; ends with 1 where something differs.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { AutoModel, AutoTokenizer, dtypeNames, exportModel, pipeline } from 'multihead';
import { compareSentenceFolders } from './interchange-sentences.js';

const repository = join(import.meta.dirname, '..');
const text = { type: 'string' };
const { values } = parseArgs({ options: { library: text, python: text, only: text } });
const parts = ['transformers', 'sentence-transformers'];
if (values.only !== undefined && !parts.includes(values.only)) throw new Error(`--only is one of ${parts.join(', ')}`);
const isWanted = (part) => (values.only ?? part) === part;
const root = mkdtempSync(join(tmpdir(), 'multihead-interchange-'));
process.on('exit', () => rmSync(root, { recursive: true, force: true }));
const run = (program, args, cwd = repository) =>
  execFileSync(program, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], maxBuffer: 2 ** 28 });

/**
 * How far a score may be from ours in the same dtype. Other versions of ONNX Runtime, and its WebAssembly, have other kernels:
 * float16 and 4 bits are computed from the same numbers in other precisions.
 */
const tolerances = { fp32: 1e-4, fp16: 5e-3, q8: 0.02, int8: 0.02, q4: 0.05, q4f16: 0.05 };

const texts = ['Has my parcel been shipped?', 'I want my money back.', 'Please change the address.'];
const contexts = [
  'The shop in Station Street 3 opens at eight in the morning and closes at five.',
  'Anna Miller ordered a lamp on Monday. The lamp costs twelve euros.',
];
const cases = {
  'text-classification': { texts },
  'token-classification': {
    texts: ['I live in Harbour Street and ordered shoes on Monday.', 'Anna Miller lives in Paris.'],
  },
  'question-answering': {
    questions: [
      { question: 'Where is the shop?', context: contexts[0] },
      { question: 'What did she order?', context: contexts[1] },
    ],
  },
  'fill-mask': { texts: ['the capital of france is [MASK].', 'he opened the [MASK] and went in.'] },
  'feature-extraction': { texts: [...texts, 'word', contexts.join(' ')] },
  'text-generation': { texts: ['It was', 'The old man'], count: 20 },
};

/** Our answers in the form of transformers-js-side.js. */
const askers = {
  'text-classification': async (pipe, { texts }) =>
    (await pipe(texts, { topK: 1 })).flatMap((found) => found.map(({ label, score }) => [label, score])),
  'token-classification': async (pipe, { texts }) =>
    (await pipe(texts, { aggregationStrategy: 'none' })).flatMap((found) =>
      found.map(({ entity, index, word, score }) => [`${entity} ${index} ${word}`, score]),
    ),
  // Theirs puts the answer together from tokens, without the text's capitals; its score is another, too.
  'question-answering': async (pipe, { questions }) =>
    (await pipe(questions)).map(({ answer }) => [answer.toLowerCase()]),
  'fill-mask': async (pipe, { texts }) =>
    (await pipe(texts, { topK: 1 })).flatMap((found) => found.map(({ tokenStr, score }) => [tokenStr, score])),
  'feature-extraction': async (pipe, { texts }) =>
    Array.from((await pipe(texts, { pooling: 'mean', normalize: true })).data, (value) => ['', value]),
  'text-generation': async (pipe, { texts, count }) => {
    const found = [];
    for (const text of texts) {
      const [{ generatedText }] = await pipe(text, { maxNewTokens: count, doSample: false });
      found.push([generatedText]);
    }
    return found;
  },
};

let isSame = true;
if (isWanted('transformers')) isSame = await compareExported();
if (isWanted('sentence-transformers') && values.python) {
  const given = { root: join(root, 'sentences'), repository, python: values.python, run };
  isSame = (await compareSentenceFolders(given)) && isSame;
}
process.exitCode = isSame ? 0 : 1;

/** Compares exported folders of every task with transformers.js and, in Python, with Transformers. */
async function compareExported() {
  const library = values.library ?? installed();
  const folders = await models();
  mkdirSync(join(root, 'exported'));
  for (const [task, folder] of Object.entries(folders)) {
    await exportModel(folder, { output: join(root, 'exported', task), dtypes: dtypeNames });
  }
  writeFileSync(join(root, 'exported', 'cases.json'), JSON.stringify({ cases, dtypes: dtypeNames }));
  const ours = await ourAnswers(folders);
  let isSame = true;
  for (const device of ['cpu', 'wasm']) {
    const side = join(import.meta.dirname, 'transformers-js-side.js');
    const theirs = JSON.parse(run(process.execPath, [side, library, join(root, 'exported'), device]));
    for (const task of Object.keys(cases)) {
      for (const dtype of dtypeNames)
        isSame = report(task, dtype, device, ours[task][dtype], theirs[task][dtype]) && isSame;
    }
  }
  if (values.python) {
    const script = join(repository, 'bench/peers/interchange.py');
    const pairs = Object.entries(folders).flatMap(([task, folder]) => [folder, join(root, 'exported', task)]);
    console.log(run(values.python, [script, ...pairs]).trimEnd());
  }
  return isSame;
}

function installed() {
  const folder = join(root, 'library');
  mkdirSync(folder);
  writeFileSync(join(folder, 'package.json'), '{ "private": true }');
  // ONNX Runtime's install script would fetch its CUDA library, which is not needed, from another host than the registry.
  run('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', '@huggingface/transformers@4'], folder);
  return folder;
}

/** A folder for each task: heads are trained for a minute, so that answers are no ties. */
async function models() {
  const data = {
    'text-classification': 'support-intents.train.tsv',
    'token-classification': 'entities.train.conll',
    'question-answering': 'passages.train.json',
  };
  const found = {};
  for (const [task, file] of Object.entries(data)) {
    found[task] = join(root, task);
    const command = ['packages/multihead/bin/multihead.js', 'train', task, '--model', 'models/mini'];
    const settings = ['--max-steps', '150', '--learning-rate', '5e-4', '--save-strategy', 'no'];
    run(process.execPath, [...command, '--train', join('examples/data', file), ...settings, '--output', found[task]]);
  }
  const mini = join(repository, 'models/mini');
  const base = join(root, 'feature-extraction');
  const model = await AutoModel.fromPretrained(mini);
  await model.savePretrained(base);
  await model.dispose();
  for (const [name, text] of Object.entries((await AutoTokenizer.fromPretrained(mini)).files())) {
    writeFileSync(join(base, name), text);
  }
  return {
    ...found,
    'fill-mask': mini,
    'feature-extraction': base,
    'text-generation': join(repository, 'models/mini-gpt'),
  };
}

async function ourAnswers(folders) {
  const found = {};
  for (const [task, given] of Object.entries(cases)) {
    found[task] = {};
    for (const dtype of dtypeNames) {
      const pipe = await pipeline(task, folders[task], { dtype });
      found[task][dtype] = await askers[task](pipe, given);
      await pipe.dispose();
    }
  }
  return found;
}

/** Prints how far their answers are from ours, and says whether they are the same. */
function report(task, dtype, device, own, other) {
  const different = own.findIndex(([text], i) => text !== other[i]?.[0]);
  const apart = own.reduce(
    (most, [, score], i) => Math.max(most, score === undefined ? 0 : Math.abs(score - other[i]?.[1])),
    0,
  );
  const isSame = different < 0 && own.length === other.length && apart <= tolerances[dtype];
  const what =
    different < 0 ? '' : `: ${JSON.stringify(own[different])}, but there ${JSON.stringify(other[different])}`;
  console.log(
    `${isSame ? 'same' : 'DIFFERENT'}  ${task} ${dtype} ${device}  scores within ${apart.toExponential(1)}${what}`,
  );
  return isSame;
}
