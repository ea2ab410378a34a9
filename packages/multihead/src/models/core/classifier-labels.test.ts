import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../../testing/temporary-folder.js';
import { toyConfig } from '../../testing/toy.js';
import { BertConfig } from '../bert/config.js';
import { BertForSequenceClassification } from '../bert/heads.js';

/** The folder of a classifier with these labels. */
async function classifier(id2label: readonly string[], problemType: BertConfig['problemType'] = null): Promise<string> {
  const folder = temporaryFolder();
  const config = { ...BertConfig.fromJson(toyConfig, 'toy'), id2label, numLabels: id2label.length, problemType };
  const model = BertForSequenceClassification.fromConfig(config, { seed: 7 });
  await model.savePretrained(folder);
  await model.dispose();
  return folder;
}

/** The labels and the head of a model that is loaded with settings. */
async function loaded(folder: string, config: Partial<BertConfig>) {
  const model = await BertForSequenceClassification.fromPretrained(folder, { config, seed: 3 });
  const head = [...model.weights.view('classifier.weight')];
  const { replaced, newlyInitialized } = model.loadingReport ?? {};
  await model.dispose();
  return { id2label: model.config.id2label, head, replaced, newlyInitialized };
}

const asked = (...id2label: string[]) => ({ id2label, numLabels: id2label.length });

describe('a trained head keeps its meaning', () => {
  test.each<[string[], string[], string[]]>([
    [
      ['positive', 'negative', 'neutral'],
      ['negative', 'neutral', 'positive'],
      ['positive', 'negative', 'neutral'],
    ],
    [
      ['LABEL_0', 'LABEL_1'],
      ['0', '1'],
      ['0', '1'],
    ],
    [
      ['1', '0'],
      ['LABEL_0', 'LABEL_1'],
      ['LABEL_1', 'LABEL_0'],
    ],
  ])('%j, asked for %j', async (own, names, expected) => {
    const folder = await classifier(own);
    const { head } = await loaded(folder, {});
    expect(await loaded(folder, asked(...names))).toEqual({
      id2label: expected,
      head,
      replaced: undefined,
      newlyInitialized: [],
    });
  });

  test('a regression of one value, whatever it is called', async () => {
    const folder = await classifier(['score']);
    const { head } = await loaded(folder, {});
    const found = await loaded(folder, { ...asked('LABEL_0'), problemType: 'regression' });
    expect(found).toMatchObject({ id2label: ['score'], head, newlyInitialized: [] });
  });
});

describe('other labels make a new head', () => {
  const parameters = ['classifier.weight', 'classifier.bias'];

  test.each<[string[], string[]]>([
    [
      ['positive', 'negative'],
      ['joy', 'anger'],
    ],
    [
      ['positive', 'negative'],
      ['positive', 'negative', 'neutral'],
    ],
    [
      ['positive', 'negative', 'neutral'],
      ['positive', 'negative'],
    ],
    [
      ['LABEL_0', 'LABEL_1'],
      ['no', 'yes'],
    ],
  ])('%j, asked for %j', async (own, names) => {
    const folder = await classifier(own);
    const before = await loaded(folder, {});
    const found = await loaded(folder, asked(...names));
    expect(found).toMatchObject({ id2label: names, replaced: parameters, newlyInitialized: parameters });
    expect(found.head).toHaveLength(names.length * 32);
    expect(found.head.slice(0, 32)).not.toEqual(before.head.slice(0, 32));
  });

  test('and so does a regression in place of classes, and classes in place of a regression', async () => {
    const classes = await classifier(['LABEL_0', 'LABEL_1']);
    const value = { ...asked('LABEL_0'), problemType: 'regression' } as const;
    expect(await loaded(classes, value)).toMatchObject({ replaced: parameters });
    const values = await classifier(['LABEL_0', 'LABEL_1'], 'regression');
    const single = { ...asked('0', '1'), problemType: 'single_label_classification' } as const;
    expect(await loaded(values, single)).toMatchObject({ replaced: parameters });
  });
});
