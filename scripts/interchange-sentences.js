/**
 * The part of npm run test:interchange -- --python PYTHON for sentence-transformers: small models that `train sentence-similarity`
 * and `train text-ranking` saved are loaded there, and models that it saves are loaded here. Vectors, similarities and scores
 * must be the same within 1e-5.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'multihead';

const tolerance = 1e-5;
const long =
  'The shop in Station Street 3 opens at eight in the morning and closes at five, but not on Sundays. '.repeat(3);
const texts = [
  'Has my parcel been shipped?',
  'I want my money back.',
  '我的包裹在哪里？',
  'Où est le café ?',
  '',
  long,
];

const vectors = [
  { kind: 'vectors', texts },
  { kind: 'vectors', texts, prompt: 'a prompt of ones own: ' },
  { kind: 'similarities', sourceSentence: texts[0], sentences: texts.slice(1) },
];
const shorter = [32, 7].map((dimensions) => ({ kind: 'vectors', texts, dimensions }));
const prompted = ['query', 'document'].map((promptName) => ({ kind: 'vectors', texts, promptName }));
const scores = [{ kind: 'scores', query: texts[0], documents: texts.slice(1) }];

/** What is trained: the task, what it is called here, its options, and what is asked of it. */
const trained = [
  ['sentence-similarity', 'mean', [], vectors],
  ['sentence-similarity', 'cls, normalized', ['--pooling', 'cls', '--normalize'], vectors],
  ['sentence-similarity', 'max', ['--pooling', 'max'], vectors],
  ['sentence-similarity', 'lasttoken, 12 tokens', ['--pooling', 'lasttoken', '--max-length', '12'], vectors],
  [
    'sentence-similarity',
    'prompts, normalized',
    ['--query-prompt', 'query: ', '--document-prompt', 'passage: ', '--normalize'],
    [...vectors, ...prompted],
  ],
  ['sentence-similarity', 'one prompt', ['--prompt', 'text: '], vectors],
  ['sentence-similarity', 'matryoshka', ['--matryoshka', '64,32'], [...vectors, ...shorter]],
  ['sentence-similarity', 'matryoshka, normalized', ['--matryoshka', '64,32', '--normalize'], [...vectors, ...shorter]],
  ['text-ranking', 'sigmoid', [], scores],
  ['text-ranking', 'identity', ['--loss', 'lambda', '--activation', 'identity', '--max-length', '20'], scores],
];

/**
 * Compares both directions, and prints a line for each folder.
 *
 * @param root   an empty folder
 * @param python Python with sentence-transformers
 * @param run    runs a program and returns its standard output
 * @returns whether all are the same
 */
export async function compareSentenceFolders({ root, repository, python, run }) {
  mkdirSync(root);
  const mini = join(repository, 'models/mini');
  const folders = trained.map(([task, name, options, questions], i) => {
    const folder = join(root, `trained-${i}`);
    const settings = ['--model', mini, '--train', dataOf(task, root), '--max-steps', '5', '--learning-rate', '1e-3'];
    const command = [join(repository, 'packages/multihead/bin/multihead.js'), 'train', task, ...settings];
    run(process.execPath, [...command, ...options, '--save-strategy', 'no', '--output', folder]);
    return { task, name, folder, questions };
  });
  const asked = join(root, 'asked.json');
  writeFileSync(asked, JSON.stringify({ folders, vectors, prompted, scores }));
  const script = join(repository, 'bench/peers/sentence_interchange.py');
  const theirs = JSON.parse(run(python, [script, asked, mini, join(root, 'saved')]));
  const there = folders.map((row, i) => ({ ...row, name: `${row.name}, saved here`, answers: theirs.answers[i] }));
  const here = theirs.saved.map((row) => ({ ...row, name: `${row.name}, saved there` }));
  let isSame = true;
  for (const row of [...there, ...here]) isSame = report(row, await ourAnswers(row), theirs.versions) && isSame;
  return isSame;
}

function dataOf(task, root) {
  const pairs = texts.filter((text) => text !== '').flatMap((a, i, all) => all.map((b, j) => [a, b, Number(i === j)]));
  const columns = task === 'text-ranking' ? ['query', 'document', 'label'] : ['sentence1', 'sentence2', 'score'];
  const file = join(root, `${task}.json`);
  writeFileSync(file, JSON.stringify(pairs.map((row) => Object.fromEntries(columns.map((name, i) => [name, row[i]])))));
  return file;
}

/** Our answers to a folder's questions, as lists of numbers. */
async function ourAnswers({ task, folder, questions }) {
  const tasks = task === 'text-ranking' ? ['text-ranking'] : ['feature-extraction', 'sentence-similarity'];
  const [pipe, compare] = await Promise.all(tasks.map((name) => pipeline(name, folder)));
  const askers = {
    vectors: async ({ kind: _, texts, ...options }) => Array.from((await pipe(texts, options)).data),
    similarities: ({ sourceSentence, sentences }) => compare({ sourceSentence, sentences }),
    scores: async ({ query, documents }) =>
      (await pipe.rank(query, documents)).sort((a, b) => a.corpusId - b.corpusId).map(({ score }) => score),
  };
  const found = [];
  for (const question of questions) found.push(await askers[question.kind](question));
  await Promise.all([pipe, compare].map((each) => each?.dispose()));
  return found;
}

function report({ task, name, answers }, ours, versions) {
  const isComplete = ours.every((values, i) => values.length === answers[i].length);
  const apart = ours.flatMap((values, i) => values.map((value, j) => Math.abs(value - answers[i][j])));
  const most = isComplete ? apart.reduce((a, b) => Math.max(a, b), 0) : Number.NaN;
  const isSame = most <= tolerance;
  console.log(`${isSame ? 'same' : 'DIFFERENT'}  ${task} ${name}  within ${most.toExponential(1)} (${versions})`);
  return isSame;
}
