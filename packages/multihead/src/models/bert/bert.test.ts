/** @file BERT against Hugging Face Transformers on PyTorch: outputs, attentions, gradients, AdamW runs (fixtures/bert). */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { modelInputs, SafetensorsFile } from '../../exports/models.js';
import { binaryCrossEntropyWithLogits, crossEntropy, meanSquaredError } from '../../exports/nn.js';
import { input, type Tensor, type TensorValue } from '../../exports/tensor.js';
import { linearSchedule, TrainingStep } from '../../exports/training.js';
import {
  BertConfig,
  BertForMaskedLM,
  BertForPreTraining,
  BertForQuestionAnswering,
  BertForSequenceClassification,
  BertModel,
} from '../../index.js';
import { largest, largestDifference, tensorsOf } from '../../testing/reference-tensors.js';
import type { ModelClass, PretrainedModel } from '../core/pretrained.js';

type Scores = Record<string, Tensor>;

interface Case {
  modelClass: ModelClass<PretrainedModel & { readonly config: BertConfig }>;
  loss(scores: Scores): Tensor;
}

const labels = (dtype: 'int64' | 'float32', ...shape: (string | number)[]) => input('labels', dtype, shape);
const position = (name: string) => input(name, 'int64', ['batch_size']);
const meanSquare = (x: Tensor) => x.mul(x).mean();

const cases: Record<string, Case> = {
  qa: {
    modelClass: BertForQuestionAnswering,
    loss: ({ start_logits, end_logits }) =>
      crossEntropy(start_logits as Tensor, position('start_positions'))
        .add(crossEntropy(end_logits as Tensor, position('end_positions')))
        .mul(0.5),
  },
  classify: {
    modelClass: BertForSequenceClassification,
    loss: ({ logits }) => crossEntropy(logits as Tensor, labels('int64', 'batch_size')),
  },
  mlm: {
    modelClass: BertForMaskedLM,
    loss: ({ logits }) => crossEntropy(logits as Tensor, labels('int64', 'batch_size', 'sequence_length')),
  },
  pretraining: {
    modelClass: BertForPreTraining,
    loss: ({ prediction_logits, seq_relationship_logits }) =>
      crossEntropy(prediction_logits as Tensor, labels('int64', 'batch_size', 'sequence_length')).add(
        crossEntropy(seq_relationship_logits as Tensor, position('next_sentence_label')),
      ),
  },
  multilabel: {
    modelClass: BertForSequenceClassification,
    loss: ({ logits }) =>
      binaryCrossEntropyWithLogits(logits as Tensor, labels('float32', 'batch_size', logits?.shape[1] as number)),
  },
  regression: {
    modelClass: BertForSequenceClassification,
    loss: ({ logits }) => meanSquaredError((logits as Tensor).squeeze(1), labels('float32', 'batch_size')),
  },
  embed: {
    modelClass: BertModel,
    loss: ({ last_hidden_state, pooler_output }) =>
      meanSquare(last_hidden_state as Tensor).add(meanSquare(pooler_output as Tensor)),
  },
};

interface Run {
  settings: Record<string, number> & { betas: [number, number] };
  losses: number[];
  learning_rates: number[];
  grad_norms_before_clipping: number[];
}

interface Expected {
  loss: number;
  zero_gradients: string[];
  trajectory?: Run;
  accumulation?: Run;
}

const folder = (name: string) => fileURLToPath(new URL(`../../../fixtures/bert/${name}`, import.meta.url));

async function load(name: string) {
  const { modelClass, loss } = cases[name] as Case;
  const config = {
    ...(await BertConfig.fromPretrained(folder(name))),
    hiddenDropoutProb: 0,
    attentionProbsDropoutProb: 0,
  };
  const model = new modelClass(config);
  await model.loadWeights(`${folder(name)}/model.safetensors`, 0);
  const file = await SafetensorsFile.open(`${folder(name)}/expected.safetensors`);
  const expected = JSON.parse(readFileSync(`${folder(name)}/expected.json`, 'utf8')) as Expected;
  return { model, file, expected, buildLoss: () => loss(model.forward(modelInputs()).scores) };
}

describe.each(Object.keys(cases))('%s', (name) => {
  test('outputs, hidden states and attention weights are within 1e-4', async () => {
    const { model, file } = await load(name);
    const outputs = await model.predictValues(await tensorsOf(file, 'input.'), {
      outputAttentions: true,
      outputHiddenStates: true,
    });
    const references = { ...(await tensorsOf(file, 'output.')) } as Record<string, TensorValue>;
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
    const { model, file, expected, buildLoss } = await load(name);
    const { engine } = await TrainingStep.create(model, buildLoss);
    const { loss, gradients } = await engine.readGradients(await tensorsOf(file, 'input.'));
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
});

describe('masked language modelling at the masked positions only', () => {
  const tokenLabels = () => input('labels', 'int64', ['masked']);
  const atMasked: Record<string, (model: PretrainedModel, positions: Tensor) => { logits: Tensor; loss: Tensor }> = {
    mlm: (model, positions) => {
      const logits = (model as BertForMaskedLM).forwardMasked(modelInputs(), positions);
      return { logits, loss: crossEntropy(logits, tokenLabels()) };
    },
    pretraining: (model, positions) => {
      const { predictions: logits, seqRelationship } = (model as BertForPreTraining).forwardMaskedPairs(
        modelInputs(),
        positions,
      );
      const ofPairs = crossEntropy(seqRelationship, position('next_sentence_label'));
      return { logits, loss: crossEntropy(logits, tokenLabels()).add(ofPairs) };
    },
  };

  test.each(Object.keys(atMasked))(
    "%s: has Hugging Face's loss and gradients, and no matrix of all tokens by the vocabulary",
    async (name) => {
      const { model, file, expected } = await load(name);
      const { labels, ...inputs } = await tensorsOf(file, 'input.');
      const data = (labels as TensorValue).data as BigInt64Array;
      const places = [...data.keys()].filter((place) => data[place] !== -100n);
      const int64 = (numbers: readonly (number | bigint)[]): TensorValue => ({
        dtype: 'int64',
        shape: [numbers.length],
        data: BigInt64Array.from(numbers, BigInt),
      });
      const batch = {
        ...inputs,
        masked_positions: int64(places),
        labels: int64(places.map((place) => data[place] as bigint)),
      };
      const positions = input('masked_positions', 'int64', ['masked']);
      const build = atMasked[name] as (typeof atMasked)[string];
      const { logits, loss: built } = build(model, positions);
      expect(logits.shape).toEqual(['masked', model.config.vocabSize]);
      const training = await TrainingStep.create(model, () => built);
      const { loss, gradients } = await training.engine.readGradients(batch);
      expect(Math.abs(loss - expected.loss) / expected.loss).toBeLessThan(1e-5);
      for (const [parameter, { data }] of Object.entries(await tensorsOf(file, 'gradient.'))) {
        const error = largestDifference(gradients[parameter] as Float32Array, data);
        const bound = expected.zero_gradients.includes(parameter) ? 1e-6 : 1e-3 * largest(data);
        expect(error, parameter).toBeLessThan(bound);
      }
      await model.dispose();
    },
  );
});

describe.each(['qa', 'classify', 'mlm'])('AdamW on %s', (name) => {
  test.each(['trajectory', 'accumulation'] as const)(
    '%s: losses, rates and gradient norms are within 1e-3',
    async (kind) => {
      const { model, file, expected, buildLoss } = await load(name);
      const { settings, losses, learning_rates, grad_norms_before_clipping } = expected[kind] as Run;
      const [beta1, beta2] = settings.betas;
      const training = await TrainingStep.create(model, buildLoss, {
        adamBeta1: beta1,
        adamBeta2: beta2,
        adamEpsilon: settings.epsilon as number,
      });
      const microBatches = settings.gradient_accumulation_steps as number;
      for (let step = 0; step < (settings.steps as number); step++) {
        const numbers = Array.from(
          { length: microBatches },
          (_, i) => (step * microBatches + i) % (settings.batches as number),
        );
        const batches = await Promise.all(numbers.map((i) => tensorsOf(file, `trajectory.batch.${i}.`)));
        const factor = linearSchedule(step, settings.warmup_steps as number, settings.steps as number);
        const learningRate = (settings.learning_rate as number) * factor;
        expect(learningRate).toBeCloseTo(learning_rates[step] as number, 12);
        const adamW = {
          learningRate,
          weightDecay: settings.weight_decay as number,
          maxGradNorm: settings.max_grad_norm as number,
        };
        const { loss, gradientNorm } = await training.step(batches, adamW, step);
        expect(Math.abs(loss / (losses[step] as number) - 1), `loss of step ${step}`).toBeLessThan(1e-3);
        const norm = grad_norms_before_clipping[step] as number;
        expect(Math.abs(gradientNorm / norm - 1), `norm at step ${step}`).toBeLessThan(1e-3);
      }
      await model.dispose();
    },
  );
});
