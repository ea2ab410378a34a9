/**
 * @file The families of encoders beside Hugging Face Transformers: outputs, gradients and 20 steps of AdamW of each folder in
 * fixtures/families, which bench/peers/family_fixtures.py writes. A new family is a folder more.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { TensorValue, Values } from '../engine/engine.js';
import { crossEntropy } from '../nn/losses/losses.js';
import { input } from '../tensor/factories.js';
import type { Tensor } from '../tensor/tensor.js';
import { largest, largestDifference, tensorsOf } from '../testing/reference-tensors.js';
import { linearSchedule } from '../training/schedules/schedule.js';
import { TrainingStep } from '../training/step/training-step.js';
import { AutoConfig } from './auto-config.js';
import { AutoModel, autoModelFor } from './auto-model.js';
import { SafetensorsFile } from './checkpoint/safetensors.js';
import { modelInputs } from './core/model.js';
import type { PretrainedModel } from './core/pretrained.js';
import type { HeadName } from './family.js';
import { modelTypes } from './registry.js';

const root = fileURLToPath(new URL('../../fixtures/families', import.meta.url));
const cases = readdirSync(root).flatMap((family) =>
  readdirSync(`${root}/${family}`).map((head) => [family, head as HeadName | 'base'] as const),
);

type Scores = Readonly<Record<string, Tensor>>;

const labels = (...shape: string[]) => input('labels', 'int64', shape);
const position = (name: string) => input(name, 'int64', ['batch_size']);
/** Binary cross-entropy of scores, of the tokens that are no padding. */
function ofEachToken(logits: Tensor): Tensor {
  const isReplaced = labels('batch_size', 'sequence_length').cast('float32');
  const isToken = modelInputs().attentionMask.cast('float32');
  return logits.softplus().sub(logits.mul(isReplaced)).mul(isToken).sum().div(isToken.sum());
}

const meanSquare = (x: Tensor) => x.mul(x).mean();

/** The losses of Transformers' classes. */
const losses: {
  readonly [Head in Exclude<HeadName, 'CausalLM'> | 'base']: (scores: Scores) => Tensor;
} = {
  base: ({ last_hidden_state, pooler_output }) => {
    const ofTokens = meanSquare(last_hidden_state as Tensor);
    return pooler_output ? ofTokens.add(meanSquare(pooler_output)) : ofTokens;
  },
  MaskedLM: ({ logits }) => crossEntropy(logits as Tensor, labels('batch_size', 'sequence_length')),
  TokenClassification: ({ logits }) => crossEntropy(logits as Tensor, labels('batch_size', 'sequence_length')),
  SequenceClassification: ({ logits }) => crossEntropy(logits as Tensor, labels('batch_size')),
  QuestionAnswering: ({ start_logits, end_logits }) =>
    crossEntropy(start_logits as Tensor, position('start_positions'))
      .add(crossEntropy(end_logits as Tensor, position('end_positions')))
      .mul(0.5),
  PreTraining: ({ logits }) => ofEachToken(logits as Tensor),
};

interface Expected {
  readonly model: string;
  readonly loss: number;
  readonly zero_gradients: readonly string[];
  readonly trajectory?: {
    readonly settings: Readonly<Record<string, number>> & { readonly betas: readonly [number, number] };
    readonly losses: readonly number[];
    readonly grad_norms_before_clipping: readonly number[];
  };
}

async function load(family: string, head: HeadName | 'base') {
  const folder = `${root}/${family}/${head}`;
  const model: PretrainedModel = await (head === 'base' ? AutoModel : autoModelFor(head)).fromPretrained(folder);
  const file = await SafetensorsFile.open(`${folder}/expected.safetensors`);
  const expected = JSON.parse(readFileSync(`${folder}/expected.json`, 'utf8')) as Expected;
  const buildLoss = () => losses[head as keyof typeof losses](model.forward(modelInputs()).scores as Scores);
  return { folder, model, file, expected, buildLoss };
}

/** A batch with types of tokens, which families without ignore. */
const withTypes = (batch: Values): Values => {
  const ids = batch.input_ids as TensorValue;
  const types: TensorValue = { dtype: 'int64', shape: ids.shape, data: new BigInt64Array(ids.data.length) };
  return { token_type_ids: types, ...batch };
};

describe.each(cases)('%s %s', (family, head) => {
  test('all tensors of the checkpoint are used, and it is written as it was read', async () => {
    const { model, folder, expected } = await load(family, head);
    expect(model.constructor.name).toBe(expected.model);
    expect(model.loadingReport).toMatchObject({ newlyInitialized: [], unexpected: [] });
    expect(model.config).toEqual(await AutoConfig.fromPretrained(folder));
    await model.dispose();
  });

  test('outputs, hidden states and attention weights are within 1e-4', async () => {
    const { model, file } = await load(family, head);
    const outputs = await model.predictValues(withTypes(await tensorsOf(file, 'input.')), {
      outputAttentions: true,
      outputHiddenStates: true,
    });
    const references = await tensorsOf(file, 'output.');
    for (const kind of ['hidden_states.', 'attentions.']) {
      for (const [i, value] of Object.entries(await tensorsOf(file, kind))) references[`${kind}${i}`] = value;
    }
    expect(Object.keys(outputs).sort()).toEqual(Object.keys(references).sort());
    for (const [output, { data, shape }] of Object.entries(references)) {
      expect(outputs[output]?.shape).toEqual(shape);
      expect(largestDifference(outputs[output]?.data as Float32Array, data), output).toBeLessThan(1e-4);
    }
    await model.dispose();
  });

  test('the loss and the gradient of every parameter are within 1e-3', async () => {
    const { model, file, expected, buildLoss } = await load(family, head);
    const { engine } = await TrainingStep.create(model, buildLoss);
    const { loss, gradients } = await engine.readGradients(withTypes(await tensorsOf(file, 'input.')));
    expect(Math.abs(loss - expected.loss) / expected.loss).toBeLessThan(1e-5);
    const references = await tensorsOf(file, 'gradient.');
    expect(Object.keys(gradients).sort()).toEqual(Object.keys(references).sort());
    for (const [parameter, { data }] of Object.entries(references)) {
      const error = largestDifference(gradients[parameter] as Float32Array, data);
      // Some gradients are zero in theory (a bias that softmax takes out again); only rounding is left of them.
      const bound = expected.zero_gradients.includes(parameter) ? 1e-6 : 1e-3 * largest(data);
      expect(error, parameter).toBeLessThan(bound);
    }
    await model.dispose();
  });

  test.runIf(head !== 'base')('20 steps of AdamW: losses and gradient norms are within 1e-3', async () => {
    const { model, file, expected, buildLoss } = await load(family, head);
    const { settings, losses, grad_norms_before_clipping } = expected.trajectory as NonNullable<Expected['trajectory']>;
    const [beta1, beta2] = settings.betas;
    const training = await TrainingStep.create(model, buildLoss, {
      adamBeta1: beta1,
      adamBeta2: beta2,
      adamEpsilon: settings.epsilon as number,
    });
    for (const [step, reference] of losses.entries()) {
      const batch = withTypes(await tensorsOf(file, `trajectory.batch.${step % (settings.batches as number)}.`));
      const factor = linearSchedule(step, settings.warmup_steps as number, settings.steps as number);
      const { loss, gradientNorm } = await training.step(
        [batch],
        {
          learningRate: (settings.learning_rate as number) * factor,
          weightDecay: settings.weight_decay as number,
          maxGradNorm: settings.max_grad_norm as number,
        },
        step,
      );
      expect(Math.abs(loss / reference - 1), `loss of step ${step}`).toBeLessThan(1e-3);
      const norm = grad_norms_before_clipping[step] as number;
      expect(Math.abs(gradientNorm / norm - 1), `norm at step ${step}`).toBeLessThan(1e-3);
    }
    expect(losses).toHaveLength(20);
    await model.dispose();
  });
});

test('every family of encoders has fixtures', () => {
  const encoders = modelTypes('MaskedLM').filter((family) => family !== 'bert'); // BERT's: fixtures/bert
  expect(readdirSync(root).sort()).toEqual(encoders.sort());
});
