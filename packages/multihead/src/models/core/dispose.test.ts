/** @file A model that was disposed of says so, whatever is asked of it, and whatever it was doing then. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import {
  AutoTokenizer,
  BertConfig,
  BertForSequenceClassification,
  type ClassificationExample,
  classificationTask,
  pipeline,
  Trainer,
  type TrainingEvent,
} from '../../index.js';
import { toyConfig, toyFolder, toyRows } from '../../testing/toy.js';

const embedded = fileURLToPath(new URL('../../../../../models/', import.meta.url));
const [bert, gpt] = [join(embedded, 'mini'), join(embedded, 'mini-gpt')];
const disposedOf = { name: 'UserError', message: expect.stringContaining('the model was disposed of') };

/** A model with its task and examples. */
async function toyRun() {
  const config = BertConfig.fromJson({ ...toyConfig, id2label: { 0: 'disliked', 1: 'liked' } }, 'toy');
  const model = BertForSequenceClassification.fromConfig(config, { seed: 1 });
  const tokenizer = await AutoTokenizer.fromPretrained(toyFolder());
  const train = toyRows(96).map((row, i): ClassificationExample => ({ ...row, line: i + 1 }));
  return { model, tokenizer, task: classificationTask(config, { tokenizer, maxLength: 32 }), train, batchSize: 8 };
}

describe('a call after dispose()', () => {
  test.each([true, false])('is rejected by each pipeline; one that had run before: %s', async (hasRun) => {
    const embed = await pipeline('feature-extraction', bert);
    const fill = await pipeline('fill-mask', bert);
    const generate = await pipeline('text-generation', gpt);
    const stream = async () => {
      for await (const _ of generate.stream('It was', { maxNewTokens: 2 }));
    };
    const calls = [() => embed('hello'), () => fill('a [MASK]'), () => generate('It', { maxNewTokens: 2 }), stream];
    if (hasRun) for (const call of calls) await call();
    for (const made of [embed, fill, generate]) await made.dispose();
    for (const call of calls) await expect(call()).rejects.toMatchObject(disposedOf);
    await embed.dispose(); // once more does nothing
  });

  test('is rejected by a model that is trained, evaluated or saved', async () => {
    const { model, ...parts } = await toyRun();
    await model.dispose();
    const trainer = new Trainer({ model, ...parts, evaluation: parts.train });
    await expect(trainer.train()).rejects.toMatchObject(disposedOf);
    await expect(trainer.evaluate()).rejects.toMatchObject(disposedOf);
    await expect(model.savePretrained(join(toyFolder(), 'saved'))).rejects.toMatchObject(disposedOf);
  });
});

test('dispose() right behind a call, the first one, rejects the call', async () => {
  const { model } = await toyRun();
  const ids = { dtype: 'int64', shape: [1, 2], data: BigInt64Array.of(2n, 3n) } as const;
  const call = model.predictValues({ input_ids: ids, attention_mask: ids, token_type_ids: ids });
  const outcome = expect(call).rejects.toMatchObject({ name: 'UserError' });
  await model.dispose();
  await outcome;
});

test('dispose() during train() rejects it', async () => {
  const { model, ...parts } = await toyRun();
  let disposed: Promise<void> | undefined;
  const onEvent = ({ type }: TrainingEvent) => {
    if (type === 'step') setTimeout(() => (disposed ??= model.dispose()), 1);
  };
  const trainer = new Trainer({ model, ...parts, epochs: 100, onEvent });
  await expect(trainer.train()).rejects.toMatchObject({
    name: 'UserError',
    message: expect.stringMatching(/closed|disposed of/),
  });
  await disposed;
});
