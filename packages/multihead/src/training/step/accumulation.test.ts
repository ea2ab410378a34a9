/**
 * @file Gradient accumulation: however a batch is split into micro-batches, the step is that of the whole batch. Each task's
 * examples differ in what the loss averages over: tokens, hidden places, weights of classes, texts that have a teacher.
 */
import { expect, test } from 'vitest';
import { modelInputs } from '../../exports/models.js';
import { countedMean } from '../../exports/nn.js';
import type { TensorValue, Values } from '../../exports/tensor.js';
import { TrainingStep } from '../../exports/training.js';
import {
  AutoTokenizer,
  BertConfig,
  BertForMaskedLM,
  BertForPreTraining,
  BertForQuestionAnswering,
  BertForSequenceClassification,
  CausalLanguageModeling,
  DistilledLanguageModeling,
  type Feature,
  GPT2Config,
  GPT2LMHeadModel,
  MaskedLanguageModeling,
  NextSentencePrediction,
  type PretrainedModel,
  QuestionAnswering,
  TextClassification,
  type TrainingTask,
} from '../../index.js';
import { Random } from '../../platform/random.js';
import type { Tensor } from '../../tensor/tensor.js';
import { toyConfig, toyFolder, toyRows } from '../../testing/toy.js';

const tokenizer = await AutoTokenizer.fromPretrained(toyFolder());
const withoutDropout = { hidden_dropout_prob: 0, attention_probs_dropout_prob: 0 };
const bert = (labels: readonly string[] = ['disliked', 'liked']) =>
  BertConfig.fromJson({ ...toyConfig, ...withoutDropout, initializer_range: 0.3, id2label: { ...labels } }, 'toy');
const gpt2 = () =>
  GPT2Config.fromJson(
    { vocab_size: 19, n_embd: 16, n_layer: 2, n_head: 2, n_positions: 32, initializer_range: 0.3, bos_token_id: 0 },
    'toy',
  );

/** Draws the same for every text, so that its hidden places do not depend on the batch that it is in. */
class AlwaysTheSame extends Random {
  constructor() {
    super(1n);
  }

  override uniform(): number {
    return 0.4;
  }
}

/** Texts of 0 to 28 tokens; one of them leaves nothing to guess. */
const blocks = [28, 0, 3, 11, 1, 20, 7].map((length, i) =>
  Array.from({ length }, (_, j) => 5 + ((5 * i + 3 * j + ((i * j) % 7)) % 14)),
);
const rows = [0, 3, 17, 5, 1, 23, 8].map((i) => toyRows(24)[i] as { text: string; label: string });
const examples = (labelOf: (label: string, i: number) => string | readonly string[] | number) =>
  rows.map(({ text, label }, i) => ({ text, label: labelOf(label, i) as string, line: i }));
const states = (tokens: number, seed: number) =>
  Float32Array.from({ length: tokens * toyConfig.hidden_size }, (_, i) => (1 + seed) * Math.sin(seed + 1.7 * i));

interface Case {
  readonly model: PretrainedModel;
  readonly task: TrainingTask<never>;
  readonly features: readonly Feature[];
}

async function classification(
  options: Partial<ConstructorParameters<typeof TextClassification>[0]>,
  labelOf: Parameters<typeof examples>[0] = (label) => label,
): Promise<Case> {
  const { labels = ['disliked', 'liked'] } = options;
  const task = new TextClassification({ tokenizer, labels, ...options });
  const model = BertForSequenceClassification.fromConfig(bert(labels));
  return { model, task, features: (await task.encode(examples(labelOf))).flat() };
}

const cases: Record<string, () => Promise<Case>> = {
  'classes with weights': () => classification({ classWeights: [0.25, 3] }),
  'classes with weights and smoothing': () => classification({ classWeights: [0.25, 3], labelSmoothing: 0.1 }),
  'several labels': () =>
    classification({ problemType: 'multi_label_classification' }, (label, i) => (i % 3 ? [label] : [])),
  regression: () => classification({ problemType: 'regression', labels: ['value'] }, (_, i) => i / 3),
  'question answering': async () => {
    const task = new QuestionAnswering({ tokenizer, maxLength: 16, stride: 2 });
    // All of one length: the softmax over positions goes over padding, too, as in Transformers.
    const questions = rows.map((_, i) => {
      const word = ['film', 'book', 'poor'][i % 3] as string;
      const context = i % 2 ? `the film is very ${word}` : `a ${word} was quite good`;
      const answers = [{ text: word, start: context.indexOf(word) }];
      return { id: `${i}`, question: i % 2 ? 'was the film good' : 'is a book fine', context, answers };
    });
    const features = (await task.encode(questions)).flat();
    return { model: BertForQuestionAnswering.fromConfig(bert()), task, features };
  },
  'hidden words': async () => {
    const task = new MaskedLanguageModeling({ tokenizer });
    const features = blocks.map((block) => task.feature(block));
    return { model: BertForMaskedLM.fromConfig(bert()), task, features };
  },
  'next tokens': async () => {
    const task = new CausalLanguageModeling();
    const model = GPT2LMHeadModel.fromConfig({ ...gpt2(), residPdrop: 0, embdPdrop: 0, attnPdrop: 0 });
    return { model, task, features: blocks.map((block) => task.feature([1, ...block])) };
  },
  'next sentences': async () => {
    const task = new NextSentencePrediction({ tokenizer });
    const features = blocks.map((block, i) =>
      task.feature({
        first: Int32Array.from(block.slice(0, 9)),
        second: Int32Array.from(block.slice(9)),
        isNext: i % 3 > 0,
      }),
    );
    return { model: BertForPreTraining.fromConfig(bert()), task, features };
  },
  distillation: async () => {
    const task = new DistilledLanguageModeling({ tokenizer, hiddenSize: toyConfig.hidden_size });
    const features = blocks.map((block, i) => {
      const feature = task.feature(block);
      return { ...feature, teacher: i % 3 ? states(feature.inputIds.length, i) : undefined };
    });
    return { model: BertForPreTraining.fromConfig(bert()), task, features };
  },
};

/** Cuts a list at random places into parts, each with something in it. */
function split<Item>(items: readonly Item[], random: Random): Item[][] {
  const parts: Item[][] = [[]];
  for (const item of items) {
    if (parts.at(-1)?.length && random.uniform() < 0.45) parts.push([]);
    parts.at(-1)?.push(item);
  }
  return parts;
}

/** A step that changes nothing: its loss, the gradient's norm, and the gradients (AdamW's first moment where beta1 is 0). */
async function gradientsOf(training: TrainingStep, microBatches: readonly Values[]) {
  const { engine } = training;
  const { tensors } = await engine.readOptimizer();
  for (const { data } of Object.values(tensors)) data.fill(0 as never);
  await engine.writeOptimizer({ tensors, steps: 0 });
  const found = await training.step(microBatches, { learningRate: 0, maxGradNorm: 0 }, 0);
  const moments = Object.entries((await engine.readOptimizer()).tensors).filter(([name]) => name.endsWith('.exp_avg'));
  return { ...found, gradients: moments.flatMap(([, { data }]) => [...(data as Float32Array)]) };
}

test.each(Object.keys(cases))('%s: any split into micro-batches makes the step of the whole batch', async (name) => {
  const { model, task, features } = await (cases[name] as () => Promise<Case>)();
  const training = await TrainingStep.create(model, () => task.loss(model), { adamBeta1: 0 });
  const collate = (some: readonly Feature[]) => task.collate(some as never, new AlwaysTheSame());
  const whole = await gradientsOf(training, [collate(features)]);
  const largest = whole.gradients.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
  const random = new Random(7n);
  for (let i = 0; i < 12; i++) {
    const parts = split(random.shuffle([...features]), random);
    const found = await gradientsOf(training, parts.map(collate));
    const sizes = `micro-batches of ${parts.map(({ length }) => length)}`;
    expect(Math.abs(found.loss / whole.loss - 1), `loss, ${sizes}`).toBeLessThan(2e-6);
    expect(Math.abs(found.gradientNorm / whole.gradientNorm - 1), `norm, ${sizes}`).toBeLessThan(2e-5);
    const difference = found.gradients.reduce(
      (most, x, at) => Math.max(most, Math.abs(x - (whole.gradients[at] as number))),
      0,
    );
    expect(difference / largest, `gradients, ${sizes}`).toBeLessThan(2e-5);
  }
  await model.dispose();
});

const labelled = (inputIds: readonly number[], label: number): Values => {
  const int64 = (shape: readonly number[], values: readonly number[]): TensorValue => ({
    dtype: 'int64',
    shape,
    data: BigInt64Array.from(values, BigInt),
  });
  const shape = [1, inputIds.length];
  const filled = (value: number) => int64(shape, new Array<number>(inputIds.length).fill(value));
  const inputs = { input_ids: int64(shape, inputIds), attention_mask: filled(1), token_type_ids: filled(0) };
  return { ...inputs, labels: int64([1], [label]) };
};

test("a loss of one's own counts by countedMean; what it averages otherwise counts alike in each micro-batch", async () => {
  const model = BertForSequenceClassification.fromConfig(bert());
  const size = (x: Tensor) => x.mul(x).mean();
  const long = labelled([2, 5, 6, 7, 8, 9, 3], 0);
  const short = labelled([2, 5, 3], 1);
  const values: number[] = [];
  for (const batch of [long, short]) {
    const { logits } = await model.predictValues(batch);
    values.push(...Array.from(logits?.data as Float32Array, (x) => (x * x) / 2));
  }
  const [a = 0, b = 0, c = 0, d = 0] = values;
  const plain = await TrainingStep.create(model, () => size(model.forward(modelInputs()).scores.logits as Tensor));
  expect((await gradientsOf(plain, [long, short])).loss).toBeCloseTo((a + b + c + d) / 2, 5);
  const byTokens = await TrainingStep.create(model, () => {
    const { inputIds, attentionMask, tokenTypeIds } = modelInputs();
    const { scores } = model.forward({ inputIds, attentionMask, tokenTypeIds });
    const { weigh } = countedMean(attentionMask.cast('float32').sum());
    return weigh(size(scores.logits as Tensor));
  });
  expect((await gradientsOf(byTokens, [long, short])).loss).toBeCloseTo((7 * (a + b) + 3 * (c + d)) / 10, 5);
  await model.dispose();
});
