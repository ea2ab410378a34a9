import { describe, expect, test } from 'vitest';
import { TrainingStep } from '../../exports/training.js';
import { AutoTokenizer, BertConfig, BertForSequenceClassification, classificationTask } from '../../index.js';
import { groupOf } from '../../models/core/parameter-groups.js';
import { toyConfig, toyFolder, toyRows } from '../../testing/toy.js';
import { groupSteps, hasGroups } from './parameter-groups.js';

describe('groups of parameters', () => {
  test('rates fall by the factor from the top down; what lies deeper begins later', () => {
    expect(hasGroups({ layerwiseLrDecay: 1, gradualUnfreezingSteps: 0 })).toBe(false);
    expect(groupSteps({ layerwiseLrDecay: 0.5, gradualUnfreezingSteps: 0 }, 2, 0)).toEqual([
      { rate: 0.125, since: 0 },
      { rate: 0.25, since: 0 },
      { rate: 0.5, since: 0 },
      { rate: 1, since: 0 },
    ]);
    const at = (step: number) =>
      groupSteps({ layerwiseLrDecay: 1, gradualUnfreezingSteps: 10 }, 2, step).map(({ rate }) => rate);
    expect(at(0)).toEqual([0, 0, 0, 1]);
    expect(at(9)).toEqual([0, 0, 0, 1]);
    expect(at(10)).toEqual([0, 0, 1, 1]);
    expect(at(30)).toEqual([1, 1, 1, 1]);
  });
});

describe('a step with groups', () => {
  const labels = { id2label: { 0: 'disliked', 1: 'liked' } };
  const config = BertConfig.fromJson(
    { ...toyConfig, ...labels, hidden_dropout_prob: 0, attention_probs_dropout_prob: 0 },
    'toy',
  );
  const layers = config.numHiddenLayers;
  const names = [
    'bert.embeddings.word_embeddings.weight',
    'bert.encoder.layer.0.output.dense.weight',
    'classifier.weight',
  ];

  /** Weights after some steps, each with its groups; and the norms of the gradient. */
  async function after(
    groups: ((step: number) => ReturnType<typeof groupSteps>) | undefined,
    steps: number,
    head = false,
  ) {
    const model = BertForSequenceClassification.fromConfig(config, { seed: 1 });
    const tokenizer = await AutoTokenizer.fromPretrained(toyFolder());
    const task = classificationTask(config, { tokenizer });
    const batch = task.collate((await task.encode(toyRows(8).map((row) => ({ ...row, line: 1 })))).flat());
    const training = await TrainingStep.create(model, () => task.loss(model), {
      ...(head ? { freeze: layers } : { groupOf: (name) => groupOf(model, name) }),
    });
    const norms: number[] = [];
    for (let step = 0; step < steps; step++) {
      const settings = { learningRate: 1e-3, weightDecay: 0.01, ...(groups && { groups: groups(step) }) };
      norms.push((await training.step([batch], settings, step)).gradientNorm);
    }
    const { data, places } = await model.weights.read();
    await model.dispose();
    const of = (name: string) => {
      const { offset, length } = places.find((place) => place.name === name) as (typeof places)[number];
      return Array.from(data.subarray(offset, offset + length));
    };
    return { values: names.map(of), norms };
  }

  test('that all learn alike is a step without groups', async () => {
    const plain = await after(undefined, 3);
    const grouped = await after(
      (step) => groupSteps({ layerwiseLrDecay: 1, gradualUnfreezingSteps: 0 }, layers, step),
      3,
    );
    expect(grouped).toEqual(plain);
  });

  test('leaves alone what has not begun, and clips as if it were frozen', async () => {
    const late = { layerwiseLrDecay: 1, gradualUnfreezingSteps: 100 };
    const start = await after(undefined, 0);
    const grouped = await after((step) => groupSteps(late, layers, step), 3);
    const frozen = await after(undefined, 3, true);
    expect(grouped.values.slice(0, 2)).toEqual(start.values.slice(0, 2));
    expect(grouped.values[2]).toEqual(frozen.values[2]);
    expect(grouped.norms).toEqual(frozen.norms);
  });

  test('begins a group as if it were new: its first step moves as far as any first step of AdamW', async () => {
    const late = { layerwiseLrDecay: 1, gradualUnfreezingSteps: 2 };
    const first = 2 * (layers + 1); // the embeddings are the last to begin
    const groups = (step: number) => groupSteps(late, layers, step);
    const [old, moved] = [(await after(groups, first)).values[0], (await after(groups, first + 1)).values[0]];
    const largest = Math.max(...(moved ?? []).map((x, i) => Math.abs(x - (old?.[i] as number))));
    expect(largest).toBeGreaterThan(0.9e-3);
    expect(largest).toBeLessThan(1.1e-3);
  });
});
