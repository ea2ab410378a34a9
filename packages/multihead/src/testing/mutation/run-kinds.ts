/** @file What runs leave, damaged: checkpoints, tokenized corpora, predictions. */
import { cpSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { compare } from '../../cli/commands/compare/compare.js';
import { TrainingStep } from '../../exports/training.js';
import {
  AutoTokenizer,
  BertConfig,
  BertForSequenceClassification,
  openCorpus,
  packedBlocks,
  TextClassification,
  tokenizeCorpus,
} from '../../index.js';
import {
  checkSettings,
  type RunState,
  readRunState,
  restoreOptimizer,
  writeCheckpoint,
} from '../../training/checkpoints/checkpoint.js';
import { restoreWeights } from '../../training/checkpoints/restore-weights.js';
import { noPlateau } from '../../training/schedules/plateau.js';
import { toyConfig, toyRows } from '../toy.js';
import { bytesOrJson, bytesOrLines, type Kind, toy, written } from './kind.js';
import { mutateBytes, mutateSafetensors } from './mutate.js';

const rows = toyRows(24);
const runState: RunState = {
  step: 4,
  epoch: 1,
  stepInEpoch: 0,
  best: 0.5,
  lossSum: 1.5,
  epochLoss: 0.7,
  seconds: 3,
  evaluationsWithoutGain: 0,
  isStopped: false,
  plateau: noPlateau,
  settings: { epochs: 3, learningRate: 2e-5, trainingData: 'a1b2' },
};

/** A checkpoint, made once and copied. */
let checkpointMade: Promise<string> | undefined;
async function makeCheckpoint(): Promise<string> {
  const { model, training } = await startTraining();
  const path = await writeCheckpoint(toy(), model, training.engine, runState);
  await model.dispose();
  return path;
}

async function startTraining() {
  const model = BertForSequenceClassification.fromConfig(BertConfig.fromJson(toyConfig, 'toy'), { seed: 1 });
  const tokenizer = await AutoTokenizer.fromPretrained(toy());
  const task = new TextClassification({ tokenizer, labels: ['no', 'yes'] });
  return { model, training: await TrainingStep.create(model, () => task.loss(model), {}) };
}

let resumable: ReturnType<typeof startTraining> | undefined;
async function resume(checkpoint: string): Promise<void> {
  resumable ??= startTraining();
  const { model, training } = await resumable;
  checkSettings(checkpoint, await readRunState(checkpoint), runState.settings);
  await restoreWeights(join(checkpoint, 'model.safetensors'), training.engine, model.weights.places);
  await restoreOptimizer(checkpoint, training.engine, training.optimizerState);
}

let corpusMade: Promise<string> | undefined;
async function makeCorpus(): Promise<string> {
  const texts = written(toy(), 'texts.txt', rows.map(({ text }) => text).join('\n\n'));
  const output = join(toy(), 'corpus');
  await tokenizeCorpus({ sources: [texts], tokenizer: toy(), output, workers: 1 });
  return output;
}

/** The kinds by name. */
export const runKinds: Readonly<Record<string, Kind>> = {
  checkpoint: {
    async prepare(folder, index) {
      checkpointMade ??= makeCheckpoint();
      cpSync(await checkpointMade, folder, { recursive: true });
      return join(folder, ['trainer_state.json', 'optimizer.safetensors', 'model.safetensors'][index % 3] as string);
    },
    damage: (bytes, random) => (bytes[0] === 0x7b ? bytesOrJson(bytes, random) : mutateSafetensors(bytes, random)),
    read: (path) => resume(dirname(path)),
  },
  'tokenized corpus': {
    async prepare(folder, index) {
      corpusMade ??= makeCorpus();
      cpSync(await corpusMade, folder, { recursive: true });
      return join(folder, ['corpus.json', 'train.index', 'train.tokens'][index % 3] as string);
    },
    damage: (bytes, random) => (bytes[0] === 0x7b ? bytesOrJson(bytes, random) : mutateBytes(bytes, random)),
    async read(path) {
      const { train } = await openCorpus(dirname(path));
      await packedBlocks(train, { size: 8, separatorId: 3 }).read([0]);
    },
  },
  'predictions.jsonl': {
    prepare(folder) {
      const lines = rows.map(
        ({ text }, i) => `${JSON.stringify({ id: String(i), text, scores: { accuracy: i % 2 } })}\n`,
      );
      const sound = join(folder, 'sound');
      mkdirSync(sound);
      written(sound, 'predictions.jsonl', lines.join(''));
      return written(folder, 'predictions.jsonl', lines.join(''));
    },
    damage: bytesOrLines,
    read: (path) => compare(dirname(path), join(dirname(path), 'sound'), { resamples: 50, json: true }),
  },
};
