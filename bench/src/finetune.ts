/**
 * @file `npm run bench -- finetune TASK --model DIR --train FILE --eval FILE --output DIR`: fine-tunes with Multihead, then
 * with Hugging Face Transformers (for sentence similarity: sentence-transformers) on PyTorch, from the same weights over the same batches with the same settings. Only the
 * dropout masks differ. `--evaluate end` evaluates after the last epoch only. Both take all processors that the process may
 * use (`taskset`).
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import {
  AutoModel,
  AutoModelForQuestionAnswering,
  AutoModelForSequenceClassification,
  AutoModelForTokenClassification,
  AutoTokenizer,
  type PretrainedModel,
  type TaskDefinition,
  Trainer,
  type TrainingEvent,
  taskNamed,
} from 'multihead';
import { SafetensorsFile, writeSafetensors } from 'multihead/models';
import { peerScript, python, threads } from './peer.js';
import { string } from './string-option.js';

const settingNames = [
  'epochs',
  'batch-size',
  'learning-rate',
  'warmup-ratio',
  'weight-decay',
  'max-length',
  'seed',
  'evaluate',
] as const;

type Options = Record<'model' | 'train' | 'eval' | 'output' | 'language' | (typeof settingNames)[number], string>;

/** The rival's script, where a task has one of its own: sentence-transformers' instead of Transformers'. */
const ownScripts: Readonly<Record<string, string>> = { 'sentence-similarity': 'finetune_sentence_similarity.py' };

/** The models of the heads that tasks need. */
const autoModels: Readonly<Record<string, { fromPretrained: AutoModelLoader }>> = {
  SequenceClassification: AutoModelForSequenceClassification,
  QuestionAnswering: AutoModelForQuestionAnswering,
  TokenClassification: AutoModelForTokenClassification,
  Model: AutoModel,
};
type AutoModelLoader = (id: string, options: { config: object; seed: number }) => Promise<PretrainedModel>;

/** Runs both sides. */
export async function run(args: readonly string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      model: string(),
      train: string(),
      eval: string(),
      output: string(),
      epochs: string('3'),
      'batch-size': string('32'),
      'learning-rate': string('5e-5'),
      'warmup-ratio': string('0.1'),
      'weight-decay': string('0.01'),
      'max-length': string('128'),
      seed: string('42'),
      evaluate: string('epoch'),
      language: string('en'),
    },
  });
  const [task] = positionals;
  const options = values as Options;
  mkdirSync(options.output, { recursive: true });
  const definition = taskNamed(task as string);
  await ours(await read(definition, options), options);
  rival(definition.name, options);
}

/** The model, the task and the examples. A question whose answer is not where the file says is evaluated all the same. */
async function read(definition: TaskDefinition, options: Options) {
  const given = { language: options.language };
  const known = Object.keys(definition.options.settings.shape);
  const settings = Object.fromEntries(Object.entries(given).filter(([name]) => known.includes(name)));
  const canMismatch = 'mismatched' in definition.options.reading.shape;
  const { train, evaluation, facts } = await definition.readTraining({
    train: options.train,
    eval: options.eval,
    options: settings,
    reading: (split) => ({
      split,
      options: canMismatch && split === 'validation' ? { mismatched: 'keep' } : {},
    }),
    onRead() {},
    onNote: console.error,
  });
  const config = definition.startingConfig?.(facts, {}) ?? {};
  const auto = autoModels[definition.head];
  if (!auto) throw new Error(`no model for ${definition.name}`);
  const { folder, options: ofFolder } = (await definition.openFolder?.(options.model)) ?? {
    folder: options.model,
    options: {},
  };
  const model: PretrainedModel = await auto.fromPretrained(folder, { config, seed: Number(options.seed) });
  const tokenizer = await AutoTokenizer.fromPretrained(folder);
  const maxLength = Number(options['max-length']);
  const taskOptions = { ...ofFolder, ...settings };
  const task = definition.create({ config: model.config, tokenizer, maxLength, options: taskOptions, facts });
  return { model, task, tokenizer, train, evaluation: evaluation ?? [] };
}

/** Multihead's side. Leaves the batches and the head that it began with for the rival. */
async function ours(parts: Awaited<ReturnType<typeof read>>, options: Options): Promise<void> {
  await saveHead(parts.model, options.output);
  const batches: string[] = [];
  const began = performance.now();
  const onEvent = (event: TrainingEvent) => {
    if (event.type === 'step') batches.push(JSON.stringify(event.batches.flat()));
    else if (event.type === 'evaluation') {
      const { type, epoch, metrics } = event;
      console.log(
        JSON.stringify({ side: 'multihead', type, epoch, metrics, seconds: (performance.now() - began) / 1000 }),
      );
    } else if (event.type === 'end') console.log(JSON.stringify({ side: 'multihead', ...event }));
  };
  const trainer = new Trainer({
    ...parts,
    onEvent,
    epochs: Number(options.epochs),
    batchSize: Number(options['batch-size']),
    learningRate: Number(options['learning-rate']),
    warmupRatio: Number(options['warmup-ratio']),
    weightDecay: Number(options['weight-decay']),
    seed: Number(options.seed),
    evalStrategy: options.evaluate === 'end' ? 'no' : 'epoch',
  });
  await trainer.train();
  if (options.evaluate === 'end') {
    const { metrics } = await trainer.evaluate(parts.evaluation);
    console.log(JSON.stringify({ side: 'multihead', type: 'evaluation', metrics }));
  }
  writeFileSync(join(options.output, 'batches.jsonl'), `${batches.join('\n')}\n`);
  await parts.model.dispose();
}

/** Writes the newly initialised tensors, so that the rival begins with the same. */
async function saveHead(model: PretrainedModel, output: string): Promise<void> {
  const whole = join(output, 'start.safetensors');
  await model.saveWeights(whole);
  const file = await SafetensorsFile.open(whole);
  const names = model.loadingReport?.newlyInitialized ?? [];
  const head = names.map(async (name) => ({
    name,
    dtype: 'F32' as const,
    shape: file.info(name).shape,
    data: await file.readFloat32(name),
  }));
  await writeSafetensors(join(output, 'head.safetensors'), await Promise.all(head));
}

/** Hugging Face's side. */
function rival(task: string, options: Options): void {
  const settings = settingNames.flatMap((name) => [`--${name}`, options[name]]);
  const own = ownScripts[task];
  const head = join(options.output, 'head.safetensors');
  const { status } = spawnSync(
    python,
    [
      ...(own ? [peerScript(own)] : [peerScript('finetune.py'), '--task', task, '--initial-head', head]),
      ...['--model', options.model, '--train', options.train, '--eval', options.eval],
      ...['--output', join(options.output, 'pytorch'), ...settings],
      ...['--threads', threads, '--batches', join(options.output, 'batches.jsonl')],
    ],
    { stdio: 'inherit' },
  );
  if (status !== 0) throw new Error(`the PyTorch side ended with ${status}`);
}
