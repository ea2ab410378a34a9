/** @file The definition of token classification. */
import { z } from 'zod';
import { openSentences } from '../../data/examples/token-classification/open-sentences.js';
import { readTokenClassificationData } from '../../data/examples/token-classification/token-classification.js';
import { openTokenClassificationStream } from '../../data/examples/token-classification/token-classification-stream.js';
import type {
  TokenClassificationExample,
  TokenClassificationFileOptions,
} from '../../data/examples/token-classification/token-examples.js';
import { type TaggingScheme, taggingSchemes } from '../../metrics/sequence-labeling/schemes.js';
import type { LabelledConfig } from '../../models/core/label-settings.js';
import { UserError } from '../../platform/errors.js';
import { defineTask, type Reading, type TrainingSources } from '../define-task.js';
import { fineTuningSpace } from '../fine-tuning-space.js';
import { hashSplitOf, splitSources } from '../split-sources.js';
import { tagOutcomes } from './outcomes.js';
import { tokenClassificationPipeline } from './pipeline.js';
import { entitiesIn, joined, readingOf } from './reading.js';
import { tagService } from './service.js';
import { splitWords } from './split-words.js';
import { type TagPrediction, TokenClassification, usualSentence } from './token-classification.js';

/** Facts about the tags of the training examples. */
interface Facts {
  readonly tagNames: readonly string[];
}

const column = (of: string, usual: string) =>
  z
    .string()
    .optional()
    .describe(`column of the ${of} (default: found by common names; ${usual})`)
    .meta({ value: 'column' });

const options = {
  reading: z.object({
    tokens: column('words', 'the first of CoNLL files'),
    tags: column('tags', 'the last of CoNLL files'),
    tagNames: z
      .array(z.string())
      .optional()
      .describe('names of tags that are numbers in the file, in order, such as O,B-PER,I-PER')
      .meta({ value: 'names', parse: (text: string) => text.split(',').map((name) => name.trim()) }),
  }),
  training: z.object({
    allowUnseenLabels: z
      .boolean()
      .optional()
      .describe('accept labels that occur only in --eval as classes, although they cannot be learned'),
    labelAllTokens: z.boolean().optional().describe('compute the loss on all tokens of a word, not only on its first'),
  }),
  settings: z.object({
    stride: z
      .number()
      .int()
      .min(0)
      .optional()
      .describe('overlap of windows in tokens (default: 128, at most a third; token classification: a quarter)')
      .meta({ value: 'tokens' }),
    strict: z.boolean().optional().describe('count only entities that begin and end as the tagging scheme requires'),
    scheme: z
      .enum(taggingSchemes as [string, ...string[]])
      .optional()
      .describe('tagging scheme for --strict (default: detected from the tags)')
      .meta({ value: 'name' }),
  }),
};
type ReadingOptions = z.infer<typeof options.reading>;
type Training = z.infer<typeof options.training>;
type Settings = z.infer<typeof options.settings>;

function readerOptions({ options, header: _, ...reading }: Reading): TokenClassificationFileOptions {
  const { tokens, tags, tagNames } = options as ReadingOptions;
  return { ...reading, columns: { tokens, tags }, tagNames };
}

async function readTraining(sources: TrainingSources) {
  const { train: source, eval: evaluationSource, streaming, onRead } = sources;
  const { allowUnseenLabels } = sources.options as Training;
  const given = evaluationSource
    ? await readTokenClassificationData(evaluationSource, readerOptions(sources.reading('validation')))
    : undefined;
  const factsOf = (tagNames: readonly string[]): Facts => {
    const unseen = allowUnseenLabels ? (given?.tagNames ?? []).filter((name) => !tagNames.includes(name)) : [];
    return { tagNames: [...tagNames, ...unseen] };
  };
  const reading = readerOptions(sources.reading('train'));
  if (streaming) {
    const train = await openTokenClassificationStream(source, { ...reading, heldOut: hashSplitOf(sources) });
    onRead();
    const { tagNames, evaluation = given?.examples } = train;
    return { train, evaluation, facts: factsOf(tagNames) };
  }
  const { examples, tagNames } = await readTokenClassificationData(source, reading);
  onRead();
  const parts = splitSources(sources, examples, {}) ?? { train: examples, evaluation: given?.examples };
  return { ...parts, facts: factsOf(tagNames) };
}

/** Token classification: a tag for each word of a sentence, such as named entities, as Hugging Face's run_ner trains it. */
export const tokenClassification = defineTask<TokenClassificationExample, TagPrediction, Facts, TokenClassification>({
  name: 'token-classification',
  aliases: ['ner'],
  title: 'token classification',
  head: 'TokenClassification',
  unit: 'sentences',
  usualLength: usualSentence,
  options,
  searchSpace: fineTuningSpace,
  commands: {
    inputs: z.object({}),
    texts: 'the texts',
    tryIt: '"..."',
    examples: [
      'multihead train token-classification --model models/mini --train examples/data/entities.train.conll --eval examples/data/entities.test.conll --output runs/ner',
    ],
    fromArguments(texts) {
      if (texts.length === 0) {
        throw new UserError('token classification needs a text: multihead predict ... "some text"');
      }
      return texts.map((text) => ({ tokens: splitWords(text) }));
    },
    line({ tokens }, { tags, scores }, { config }) {
      return {
        tokens,
        tags,
        scores,
        entities: entitiesIn(tokens, tags, readingOf((config as LabelledConfig).id2label)),
      };
    },
    text({ tokens }, { tags, scores }, { config }) {
      const entities = entitiesIn(tokens, tags, readingOf((config as LabelledConfig).id2label));
      if (entities.length === 0) return [`(no entities)\t${joined(tokens)}`];
      return entities.map(({ type, text, start, end }) => {
        const ofEntity = scores.slice(start, end);
        const score = ofEntity.reduce((a, b) => a + b, 0) / ofEntity.length;
        return `${score.toFixed(4)}\t${type}\t${text}`;
      });
    },
  },

  readTraining,
  openLabelled: (source, reading) => openSentences(source, readerOptions(reading)),
  async open(source, reading) {
    const sentences = await openSentences(source, { ...readerOptions(reading), requireTags: false });
    return {
      ...sentences,
      // Tags that a file of sentences happens to have are of no matter for predictions.
      async *examples() {
        for await (const group of sentences.examples()) yield group.map(({ tags: _, ...sentence }) => sentence);
      },
    };
  },
  startingConfig: ({ tagNames }) => ({ id2label: [...tagNames], numLabels: tagNames.length }),
  create({ config, tokenizer, maxLength, options }) {
    const { stride, strict, scheme, labelAllTokens } = options as Settings & Training;
    return new TokenClassification({
      tokenizer,
      maxLength,
      labels: (config as LabelledConfig).id2label,
      ...(stride !== undefined && { stride }),
      ...(labelAllTokens !== undefined && { labelAllTokens }),
      ...(strict && { mode: 'strict' as const }),
      ...(scheme !== undefined && { scheme: scheme as TaggingScheme }),
    });
  },
  outcomes: tagOutcomes,
  pipeline: tokenClassificationPipeline,
  service: tagService,
  mistakes: () => ({ order: 'lowest F1 first, weighted by the confidence' }),
});
